// SPDX-License-Identifier: Apache-2.0
// The pipeline as a page that can be read aloud.
#include "compiler/driver/compile.hpp"

#include <algorithm>
#include <map>

#include "compiler/base/identifier.hpp"
#include "compiler/base/table.hpp"
#include "compiler/driver/library_name.hpp"
#include "compiler/importers/import.hpp"
#include "compiler/passes/pipeline.hpp"
#include "compiler/plan/options.hpp"

namespace whit {

namespace {

void check_memory(const Target &target, MemoryKind kind, const char *what, int64_t needed, const char *hint) {
  const Memory *memory = target.memory(kind);
  if (memory == nullptr || needed <= static_cast<int64_t>(memory->size)) return;
  const auto size = static_cast<int64_t>(memory->size);
  throw UserError({target.name, fmt::format("{} take {} bytes, {} more than the {} bytes of {}", what, with_separators(needed),
                                            with_separators(needed - size), with_separators(size), memory->name), "", hint}, ExitCode::does_not_fit);
}

// Vectors and start-up code come before the constants.
constexpr int64_t bytes_before_constants = 512;

void check_reach(const Target &target, int64_t constants) {
  if (!target.core.constants_reach || constants + bytes_before_constants <= *target.core.constants_reach) return;
  throw UserError({target.name, fmt::format("the model's constants take {} bytes, but {}'s 16-bit pointers reach only the first {} bytes of flash",
                                            constants, target.core.name, *target.core.constants_reach), "",
                   "try --optimize size, a smaller model, or a chip with 32-bit pointers"}, ExitCode::does_not_fit);
}

// What the chosen kernels' code is thought to take; trees that become code take most of it.
int64_t estimated_code_bytes(const PlannedModel &model) {
  std::map<const Kernel *, double> most;
  for (const Layer &layer : layers_of(model)) {
    const Kernel *kernel = model.kernels[layer.node];
    most[kernel] = std::max(most[kernel], kernel->cost(NodeView(model.graph, model.graph.nodes[layer.node])).code_bytes);
  }
  double bytes = 0;
  for (const auto &[kernel, code] : most) bytes += code;
  return static_cast<int64_t>(bytes);
}

// Only a compiler knows what code takes, so an estimate must be far beyond the flash.
void check_code(const PlannedModel &model) {
  constexpr int64_t tenths = 15;
  const Memory *flash = model.target.memory(MemoryKind::flash);
  const int64_t bytes = estimated_code_bytes(model);
  if (flash == nullptr || 10 * bytes <= tenths * static_cast<int64_t>(flash->size)) return;
  throw UserError({model.target.name, fmt::format("the model's code takes about {} bytes, far more than the {} bytes of {}", with_separators(bytes),
                                                  with_separators(static_cast<int64_t>(flash->size)), flash->name), "",
                   model.emphasis == Emphasis::size ? "try a smaller model, or a chip with more flash" : "try --optimize size (in Python optimize=\"size\"), which keeps trees in tables, or a chip with more flash"},
                  ExitCode::does_not_fit);
}

// What can be known before the cross compiler has run; `whit bench` checks the linked image too.
void check_fit(const PlannedModel &model) {
  check_memory(model.target, MemoryKind::ram, "the model's tensors and scratch",
               model.plan.arena_bytes + model.plan.scratch_bytes + model.plan.state_bytes,
               model.emphasis == Emphasis::ram ? "try a smaller input, or a chip with more RAM"
                                                     : "try --optimize ram, a smaller input, or a chip with more RAM");
  check_memory(model.target, MemoryKind::flash, "the model's constants", constant_bytes(model),
               model.emphasis == Emphasis::size ? "try a smaller model, or a chip with more flash" : "try --optimize size, a smaller model, or a chip with more flash");
  check_code(model);
  check_reach(model.target, constant_bytes(model));
}

GoldenVectors golden_vectors(const Graph &graph) {
  const Samples samples = pseudo_random_samples(graph, 1);
  return {.inputs = samples.inputs, .outputs = evaluate_samples(graph, samples)};
}

}  // namespace

ImportedModel import_file(const std::filesystem::path &path) {
  Module module = import_model(path);
  return {.path = path, .fingerprint = fingerprint(read_file(path)), .graph = std::move(module.main())};
}

PlannedModel plan_model(const ImportedModel &model, const CompileOptions &options) {
  PlannedModel planned;
  planned.name = options.name.empty() ? library_name_of(model.path.stem().string()) : checked_library_name(options.name);
  planned.target = options.target;
  planned.emphasis = options.emphasis;
  planned.provenance = {
      .model_file = comment_text(model.path.filename().string()),
      .model_fingerprint = model.fingerprint,
      .options = fmt::format("--target {} --optimize {}", options.target.name, name_of(options.emphasis))};

  Module module{.graphs = {model.graph}};
  run_passes(module);
  Choice choice = choose(module.main(), {.features = options.target.core.features,
                                         .emphasis = options.emphasis,
                                         .alignment = options.target.core.alignment});
  take_choice(planned, std::move(choice));
  return planned;
}

Compilation compile_model(const ImportedModel &model, const CompileOptions &options) {
  Compilation result{.planned = plan_model(model, options)};
  check_fit(result.planned);
  result.files = emit_firmware(result.planned, golden_vectors(model.graph));
  return result;
}

void write_firmware(const std::vector<EmittedFile> &files, const std::filesystem::path &folder) {
  for (const EmittedFile &file : files) {
    const std::filesystem::path path = folder / file.path;
    std::error_code code;
    std::filesystem::create_directories(path.parent_path(), code);
    if (code)
      throw UserError({path.parent_path().string(), "cannot create this folder: " + code.message(), "a folder, new or existing", ""},
                      ExitCode::usage);
    write_file(path, file.content);
  }
}

int64_t constant_bytes(const PlannedModel &model) {
  int64_t bytes = 0;
  for (const Layer &layer : layers_of(model)) {
    bytes += constant_bytes_of(*model.kernels[layer.node], NodeView(model.graph, model.graph.nodes[layer.node]));
    for (const PlannedModel &body : bodies_of(model, layer)) bytes += constant_bytes(body);
  }
  return bytes;
}

}  // namespace whit
