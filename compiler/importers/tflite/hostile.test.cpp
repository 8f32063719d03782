// SPDX-License-Identifier: Apache-2.0
// Damaged files: every one is either imported or refused with a UserError, and nothing else happens.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "compiler/importers/tflite/import.hpp"
#include "compiler/importers/tflite/test_model.hpp"

namespace whit {
namespace {

bool accepted(std::span<const uint8_t> bytes) {
  try {
    import_tflite(bytes, "model.tflite");
    return true;
  } catch (const UserError &) {
    return false;
  }
}

TEST(TfliteHostile, truncated_at_every_length) {
  const Bytes bytes = convolution_model().bytes();
  ASSERT_TRUE(accepted(bytes));
  for (size_t length = 0; length < bytes.size() / 2; ++length)
    EXPECT_FALSE(accepted(std::span(bytes).first(length))) << length;
  for (size_t length = bytes.size() / 2; length < bytes.size(); ++length) accepted(std::span(bytes).first(length));
}

TEST(TfliteHostile, every_bit_flipped) {
  Bytes bytes = convolution_model().bytes();
  size_t refused = 0;
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto mask = static_cast<uint8_t>(1U << (bit % 8));
    bytes[bit / 8] ^= mask;
    refused += accepted(bytes) ? 0 : 1;
    bytes[bit / 8] ^= mask;
  }
  EXPECT_GT(refused, bytes.size());
  EXPECT_TRUE(accepted(bytes));
}

TEST(TfliteHostile, several_bytes_replaced) {
  const Bytes original = convolution_model().bytes();
  std::mt19937 random(20240);
  constexpr uint8_t telling[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
  size_t refused = 0;
  for (int round = 0; round < 20000; ++round) {
    Bytes bytes = original;
    for (uint32_t count = 1 + random() % 6; count > 0; --count)
      bytes[random() % bytes.size()] = random() % 2 != 0 ? static_cast<uint8_t>(random()) : telling[random() % 5];
    refused += accepted(bytes) ? 0 : 1;
  }
  EXPECT_GT(refused, 10000U);
}

// One vector of a million indices, named by ten thousand operators: small in the file, huge when copied.
TEST(TfliteHostile, shared_vectors_do_not_multiply) {
  flatbuffers::FlatBufferBuilder builder;
  const auto indices = builder.CreateVector(std::vector<int32_t>(1000000, -1));
  const auto operator_table = tflite::CreateOperator(builder, 0, indices, indices);
  const auto operators = builder.CreateVector(std::vector(10000, operator_table));
  const auto subgraph = tflite::CreateSubGraph(builder, 0, 0, 0, operators);
  const auto code = tflite::CreateOperatorCode(builder);
  tflite::FinishModelBuffer(builder, tflite::CreateModel(builder, 3, builder.CreateVector(&code, 1),
                                                         builder.CreateVector(&subgraph, 1)));
  EXPECT_FALSE(accepted({builder.GetBufferPointer(), builder.GetSize()}));
}

// What the fuzzer once tripped over stays among its seeds.
TEST(TfliteHostile, seeds_of_the_fuzzer) {
  size_t seeds = 0;
  for (const auto &entry : std::filesystem::directory_iterator(WHIT_SOURCE_DIR "/tests/fuzz/corpus/tflite")) {
    EXPECT_NO_THROW(accepted(read_file(entry.path()))) << entry.path();
    ++seeds;
  }
  EXPECT_GT(seeds, 0U);
}

TEST(TfliteHostile, bytes_need_no_alignment) {
  Bytes bytes = convolution_model().bytes();
  bytes.insert(bytes.begin(), 0);
  EXPECT_TRUE(accepted(std::span(bytes).subspan(1)));
}

}  // namespace
}  // namespace whit
