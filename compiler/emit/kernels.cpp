// SPDX-License-Identifier: Apache-2.0
// NAME_kernels.hpp: the text of the kernels that this model uses, with the headers they need, each once.
#include <set>
#include <sstream>

#include "compiler/base/embedded_file.hpp"
#include "compiler/base/text_writer.hpp"
#include "compiler/emit/firmware.hpp"

namespace whit {

std::span<const EmbeddedFile> embedded_kernel_files();  // generated from ops/ and device/core/

namespace {

std::string_view kernel_text(std::string_view path) {
  for (const EmbeddedFile &file : embedded_kernel_files())
    if (file.path == path) return file.text;
  throw InternalError(fmt::format("kernel header {} is not part of this build", path));
}

// "device/core/core.hpp" of `#include "device/core/core.hpp"`; empty for any other line.
std::string repository_include(const std::string &line) {
  constexpr std::string_view opening = "#include \"";
  if (!line.starts_with(opening)) return {};
  const size_t end = line.find('"', opening.size());
  return end == std::string::npos ? std::string{} : line.substr(opening.size(), end - opening.size());
}

// Writes the header after those it includes; skips what is written already.
void write_header(TextWriter &out, const std::string &path, std::set<std::string> &written) {
  if (!written.insert(path).second) return;
  std::istringstream lines{std::string(kernel_text(path))};
  std::string body;
  for (std::string line; std::getline(lines, line);) {
    const std::string include = repository_include(line);
    if (include.empty())
      body += line + "\n";
    else
      write_header(out, include, written);
  }
  out.raw_line("// ---- " + path);
  out.raw(body);
  out.line();
}

void write_headers(TextWriter &out, const PlannedModel &model, std::set<std::string> &written) {
  for (const Layer &layer : layers_of(model)) {
    if (model.kernels[layer.node]->call != nullptr) write_header(out, std::string(model.kernels[layer.node]->header), written);
    for (const PlannedModel &body : bodies_of(model, layer)) write_headers(out, body, written);
  }
}

}  // namespace

std::string emit_kernels(const PlannedModel &model) {
  TextWriter out;
  out.raw(emitted_banner(model, fmt::format("{}_kernels.hpp: the kernels this model uses.", model.name)));
  std::set<std::string> written;
  write_header(out, "device/core/core.hpp", written);
  write_headers(out, model, written);
  return out.text();
}

}  // namespace whit
