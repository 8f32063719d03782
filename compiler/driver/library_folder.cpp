// SPDX-License-Identifier: Apache-2.0
// The manifest is written before the files and again after them, so that an interrupted run can be repeated.
#include "compiler/driver/library_folder.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/ranges.h>

#include "compiler/driver/compile.hpp"

namespace whit {

namespace {

namespace fs = std::filesystem;

constexpr uint64_t largest_manifest = 1 << 20;
constexpr size_t hash_digits = 16;

bool is_hash(std::string_view word) {
  return word.size() == hash_digits && word.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "kws.h", "golden/input.bin": as the emitter names files.
bool is_emitted_path(std::string_view path) {
  const std::string_view name = path.starts_with("golden/") ? path.substr(7) : path;
  const auto is_plain = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-'; };
  return !name.empty() && name[0] != '.' && std::all_of(name.begin(), name.end(), is_plain);
}

Manifest manifest_in(const fs::path &folder) {
  const fs::path path = folder / manifest_name;
  if (!fs::exists(path)) return {};
  const Bytes bytes = read_file(path, largest_manifest);
  return parse_manifest({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
}

Manifest manifest_of(const std::vector<EmittedFile> &files) {
  Manifest manifest;
  for (const EmittedFile &file : files) manifest.emplace(file.path, fingerprint(file.content));
  return manifest;
}

bool has_entry(const Manifest &manifest, const std::string &path, const std::string &hash) {
  const auto [begin, end] = manifest.equal_range(path);
  return std::any_of(begin, end, [&](const auto &entry) { return entry.second == hash; });
}

// Something lies there that whit did not write, or that was changed since.
bool is_users(const fs::path &folder, const std::string &path, const Manifest &known) {
  std::error_code code;
  const fs::file_status status = fs::symlink_status(folder / path, code);
  if (!fs::exists(status)) return false;
  return !fs::is_regular_file(status) || !has_entry(known, path, fingerprint(read_file(folder / path)));
}

[[noreturn]] void refuse(const fs::path &folder, const std::vector<std::string> &paths) {
  constexpr size_t shown = 6;
  const size_t count = std::min(shown, paths.size());
  throw UserError({folder.string(),
                   fmt::format("{} there that whit did not write, or that changed since, would be lost: {}{}", paths.size() == 1 ? "a file" : "files",
                               fmt::join(paths.begin(), paths.begin() + static_cast<std::ptrdiff_t>(count), ", "),
                               paths.size() > count ? fmt::format(" and {} more", paths.size() - count) : ""),
                   "a new or empty folder, one that `whit compile` made, or one without files of these names",
                   "choose another folder, or move or delete the files"}, ExitCode::usage);
}

void check_nothing_is_lost(const Manifest &old_files, const Manifest &new_files, const fs::path &folder) {
  Manifest known = old_files;
  known.insert(new_files.begin(), new_files.end());
  std::vector<std::string> lost;
  for (auto entry = known.begin(); entry != known.end(); entry = known.upper_bound(entry->first))
    if (is_users(folder, entry->first, known)) lost.push_back(entry->first);
  if (!lost.empty()) refuse(folder, lost);
}

void remove_stale(const Manifest &old_files, const Manifest &new_files, const fs::path &folder) {
  std::error_code ignored;
  for (const auto &[path, hash] : old_files)
    if (!new_files.contains(path)) fs::remove(folder / path, ignored);
}

}  // namespace

std::string manifest_text(const Manifest &manifest) {
  std::string text = "# The files that whit made here, with the FNV-1a 64 of each. `whit compile` renews these, and no others.\n";
  for (const auto &[path, hash] : manifest) text += fmt::format("{}  {}\n", hash, path);
  return text;
}

Manifest parse_manifest(std::string_view text) {
  Manifest manifest;
  std::istringstream lines{std::string(text)};
  for (std::string hash, path; lines >> hash;) {
    if (!is_hash(hash)) {
      std::getline(lines, path);
      continue;
    }
    if (lines >> path && is_emitted_path(path)) manifest.emplace(path, hash);
  }
  return manifest;
}

void write_library_folder(const std::vector<EmittedFile> &files, const fs::path &folder) {
  const Manifest old_files = manifest_in(folder), new_files = manifest_of(files);
  check_nothing_is_lost(old_files, new_files, folder);
  Manifest both = old_files;
  both.insert(new_files.begin(), new_files.end());
  const auto manifest = [](const Manifest &content) {
    const std::string text = manifest_text(content);
    return EmittedFile{manifest_name, Bytes(text.begin(), text.end())};
  };
  write_firmware({manifest(both)}, folder);
  write_firmware(files, folder);
  remove_stale(old_files, new_files, folder);
  write_firmware({manifest(new_files)}, folder);
}

}  // namespace whit
