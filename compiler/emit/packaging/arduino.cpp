// SPDX-License-Identifier: Apache-2.0
// library.properties: makes the emitted folder an Arduino library in the flat layout.
#include "compiler/base/text_writer.hpp"
#include "compiler/base/version.hpp"
#include "compiler/emit/firmware.hpp"

namespace whit {

std::string emit_arduino_properties(const PlannedModel &model) {
  TextWriter out;
  out.line("name={}", model.name);
  out.line("version={}", version());
  out.line("author=whit");
  out.line("maintainer=whit");
  out.line("sentence=The model {} as firmware.", model.provenance.model_file);
  out.line("paragraph=Made for {} by whit. See README.md for its memory and its face.", model.target.name);
  out.line("category=Data Processing");
  out.line("url=https://www.arduino.cc/reference/en/libraries/");
  out.line("architectures=*");
  out.line("includes={}.h", model.name);
  return out.text();
}

}  // namespace whit
