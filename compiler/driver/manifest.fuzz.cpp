// SPDX-License-Identifier: Apache-2.0
// Fuzzer: any bytes as a library folder's manifest name only files that lie in that folder.
#include "compiler/driver/library_folder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const whit::Manifest manifest = whit::parse_manifest({reinterpret_cast<const char *>(data), size});
  for (const auto &[path, hash] : manifest)
    whit::internal_check(path.find("..") != 0 && path.find("/..") == std::string::npos && path[0] != '/', "{} is outside", path);
  whit::internal_check(whit::parse_manifest(whit::manifest_text(manifest)) == manifest, "a manifest reads back as another");
  return 0;
}
