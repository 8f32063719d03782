// SPDX-License-Identifier: Apache-2.0
// The model's own source is included, so that its layers can be called one by one.
#include "bench/native_harness.hpp"

#include "compiler/base/text_writer.hpp"
#include "compiler/emit/names.hpp"

namespace whit {

namespace {

void write_ports(TextWriter &out, const PlannedModel &model, const std::vector<Port> &ports, const char *kind,
                 const char *function, const char *stream) {
  for (const Port &port : ports)
    out.line("    if ({}({}_{}{}(&model), 1, {}, {}) != {}) return 0;", function, model.name, kind, port.suffix,
             model.graph.tensor(port.tensor).bytes(), stream, model.graph.tensor(port.tensor).bytes());
}

}  // namespace

std::string native_harness(const PlannedModel &model) {
  TextWriter out;
  out.line("#include \"{}.cpp\"", model.name);
  out.line("#include <stdio.h>");
  out.line("#include <stdlib.h>");
  out.line();
  out.line("static {}_model model;", model.name);
  out.line();
  out.line("static void run_layers() {{");
  for (const Layer &layer : layers_of(model)) {
    out.line("  {}(&model);", layer_name(model, layer));
    for (TensorId id : model.graph.nodes[layer.node].outputs)
      out.line("  fwrite(reinterpret_cast<uint8_t *>(&model) + {}, 1, {}, stdout);", offset_in_struct(model, id),
               model.graph.tensor(id).bytes());
  }
  out.line("}}");
  out.line();
  out.line("// The argument: after how many samples to run and print layer by layer.");
  out.line("int main(int argument_count, char **arguments) {{");
  out.line("  const bool layers = argument_count > 1;");
  out.line("  {}_reset(&model);", model.name);
  out.line("  for (long left = layers ? atol(arguments[1]) : -1;; --left) {{");
  write_ports(out, model, input_ports(model), "input", "fread", "stdin");
  out.line("    if (left == 0) return run_layers(), 0;");
  out.line("    {}_run(&model);", model.name);
  out.line("    if (layers) continue;");
  write_ports(out, model, output_ports(model), "output", "fwrite", "stdout");
  out.line("  }}");
  out.line("}}");
  return out.text();
}

}  // namespace whit
