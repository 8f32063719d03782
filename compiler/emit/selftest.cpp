// SPDX-License-Identifier: Apache-2.0
// NAME_selftest.cpp: a run on a fixed pseudo-random input whose answer is known by its hash. A few hundred bytes.
#include "compiler/base/text_writer.hpp"
#include "compiler/emit/firmware.hpp"

namespace whit {

namespace {

uint32_t hash_of(const std::vector<Bytes> &outputs) {
  Bytes all;
  for (const Bytes &output : outputs) all.insert(all.end(), output.begin(), output.end());
  return fnv1a32(all);
}

void write_fill(TextWriter &out, const PlannedModel &model, const Port &port) {
  const Tensor &tensor = model.graph.tensor(port.tensor);
  const std::string target = fmt::format("{}_input{}(model)", model.name, port.suffix);
  if (tensor.type == ElementType::float32)
    out.line("  for (uint32_t i = 0; i < {}UL; ++i) {}[i] = static_cast<float>(static_cast<int8_t>(next(&x))) / 64.0F;",
             tensor.elements(), target);
  else
    out.line("  for (uint32_t i = 0; i < {}UL; ++i) reinterpret_cast<uint8_t *>({})[i] = next(&x);", tensor.bytes(), target);
}

void write_hash(TextWriter &out, const PlannedModel &model, const Port &port) {
  out.line("  for (uint32_t i = 0; i < {}UL; ++i)", model.graph.tensor(port.tensor).bytes());
  out.line("    hash = (hash ^ reinterpret_cast<const uint8_t *>({}_output{}(model))[i]) * 16777619UL;", model.name,
           port.suffix);
}

}  // namespace

std::string emit_selftest(const PlannedModel &model, const GoldenVectors &golden) {
  TextWriter out;
  out.raw(emitted_banner(model, fmt::format("{}_selftest.cpp: does this chip answer as the compiler did?", model.name)));
  out.line("#include \"{}.h\"", model.name);
  out.line();
  out.line("static uint8_t next(uint32_t *x) {{");
  out.line("  *x ^= *x << 13;");
  out.line("  *x ^= *x >> 17;");
  out.line("  *x ^= *x << 5;");
  out.line("  return static_cast<uint8_t>(*x >> 24);");
  out.line("}}");
  out.line();
  out.line("extern \"C\" int {0}_selftest({0}_model *model) {{", model.name);
  out.line("  uint32_t x = 0x12345678UL;");
  out.line("  {}_reset(model);", model.name);
  for (const Port &port : input_ports(model)) write_fill(out, model, port);
  out.line("  {}_run(model);", model.name);
  out.line("  uint32_t hash = 2166136261UL;");
  for (const Port &port : output_ports(model)) write_hash(out, model, port);
  out.line("  return hash == 0x{:08x}UL ? 0 : 1;", hash_of(golden.outputs));
  out.line("}}");
  return out.text();
}

}  // namespace whit
