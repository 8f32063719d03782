// SPDX-License-Identifier: Apache-2.0
// Writing an emitted library where there may be files already: what whit made is renewed, what a person made is kept.
//
// The folder's manifest lists each file that whit made with the hash of its content. A file is whit's own if its content
// has that hash; one that was changed since, or was never listed, is the user's.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/emit/firmware.hpp"

namespace whit {

inline constexpr const char *manifest_name = "whit.manifest";

// By path within the folder, the hashes that whit's own content may have: two while a library is being renewed.
using Manifest = std::multimap<std::string, std::string>;

std::string manifest_text(const Manifest &manifest);
// Hostile: lines that are no hash and path of an emitted file are skipped, so that nothing outside the folder is touched.
Manifest parse_manifest(std::string_view text);

// Writes the files and the manifest into `folder`, which is created, and removes those of an earlier library that this
// one lacks. UserError, code usage, with nothing changed, when a file of the user's would be overwritten or removed.
void write_library_folder(const std::vector<EmittedFile> &files, const std::filesystem::path &folder);

}  // namespace whit
