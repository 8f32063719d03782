// SPDX-License-Identifier: Apache-2.0
// README.md of the emitted library: what it needs, how to call it, what each layer is.
#include <algorithm>

#include "compiler/base/identifier.hpp"
#include "compiler/base/text_writer.hpp"
#include "compiler/base/version.hpp"
#include "compiler/emit/firmware.hpp"
#include "compiler/ir/scale_text.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

void write_ports(TextWriter &out, const PlannedModel &model, const std::vector<Port> &ports, const char *kind) {
  for (const Port &port : ports) {
    const Tensor &tensor = model.graph.tensor(port.tensor);
    out.line("| {} | `{}_{}{}` | {} | {}{} |", kind, model.name, kind, port.suffix, text_of(tensor.shape),
             name_of(tensor.type), scale_text(tensor.quantization));
  }
}

// A foreign name within a cell.
std::string table_text(const std::string &text) {
  std::string result = comment_text(text);
  std::replace(result.begin(), result.end(), '|', '_');
  return result;
}

void write_example(TextWriter &out, const PlannedModel &model) {
  out.line("```c");
  out.line("#include \"{}.h\"", model.name);
  out.line();
  out.line("static {0}_model model;", model.name);
  out.line();
  out.line("{}_reset(&model);", model.name);
  out.line("/* write {0}_input...(&model); {0}_quantize_input...() makes stored integers of real values, of each feature", model.name);
  out.line("   where features have scales of their own; then */");
  out.line("{}_run(&model);", model.name);
  out.line("/* read {0}_output...(&model); {0}_dequantize_output...() gives real values */", model.name);
  out.line("```");
}

}  // namespace

std::string emit_readme(const PlannedModel &model) {
  TextWriter out;
  out.line("# {}", model.name);
  out.line();
  out.line("The model `{}` (FNV-1a 64 `{}`) as freestanding C++ with a C face, made by whit {} with `{}`.",
           model.provenance.model_file, model.provenance.model_fingerprint, version(), model.provenance.options);
  out.line();
  write_example(out, model);
  out.line();
  out.line("| port | function | shape | type |");
  out.line("|---|---|---|---|");
  write_ports(out, model, input_ports(model), "input");
  write_ports(out, model, output_ports(model), "output");
  out.line();
  out.line("Running overwrites the input. Memory of one instance: {} bytes of tensors, {} of scratch, {} of state.",
           model.plan.arena_bytes, model.plan.scratch_bytes, model.plan.state_bytes);
  out.line("No heap, no standard library but `memcpy` and `memset`, no other flags than the core's own; C++11 or later");
  out.line("(Debian's avr-g++ needs `-std=gnu++11` to be told so, as Arduino does).");
  out.line("`{}_selftest` compares this chip's answer with the compiler's; `golden/` holds that input and output.", model.name);
  out.line("`whit.manifest` lists the files that whit made: compiling into this folder again renews them, and leaves yours alone.");
  out.line();
  out.line("Build: add the `.cpp` files to your project, or `add_subdirectory` the folder in CMake, or put it into");
  out.line("Arduino's `libraries` folder.");
  out.line();
  out.line("| layer | operator | kernel | output | multiply-accumulates | from |");
  out.line("|---|---|---|---|---|---|");
  for (const Layer &layer : layers_of(model)) {
    const NodeView node(model.graph, model.graph.nodes[layer.node]);
    out.line("| {} | {} | {} | {} | {} | {} |", layer.number, node.node().op, model.kernels[layer.node]->name,
             text_of(node.output().shape), macs_of(node), table_text(node.node().origin));
  }
  return out.text();
}

}  // namespace whit
