// SPDX-License-Identifier: Apache-2.0
// The audio front end's operators against values worked out by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Int16s = std::vector<int16_t>;
using Int32s = std::vector<int32_t>;
using Floats = std::vector<float>;

TEST(Signal, a_step_has_the_spectrum_of_a_step) {
  SingleNode rfft("signal_rfft", {{"fft_length", int64_t{4}}});
  rfft.input(float32, {1, 3}, Floats{1, 2, 3});  // and a 0: 6, 1 - 3 - 2i, 1 - 2 + 3
  EXPECT_EQ(rfft.run<float>(), (Floats{6, 0, -2, -2, 2, 0}));
}

TEST(Signal, the_inverse_gives_the_values_back) {
  SingleNode irfft("signal_irfft", {{"fft_length", int64_t{4}}});
  irfft.input(float32, {1, 6}, Floats{6, 0, -2, -2, 2, 0});
  EXPECT_EQ(irfft.run<float>(), (Floats{1, 2, 3, 0}));
}

TEST(Signal, a_prime_factor_above_five_sums_every_turn) {
  constexpr int64_t length = 14;
  Floats values;
  for (int64_t i = 0; i < length; ++i) values.push_back(static_cast<float>(i * i % 11));
  SingleNode rfft("signal_rfft", {{"fft_length", length}});
  rfft.input(float32, {1, length}, values);
  const Floats spectrum = rfft.run<float>();
  for (int64_t k = 0; k <= length / 2; ++k) {
    double real = 0, imaginary = 0;
    for (int64_t i = 0; i < length; ++i) {
      const double angle = -2 * std::numbers::pi * static_cast<double>(i * k) / static_cast<double>(length);
      real += std::cos(angle) * static_cast<double>(values[static_cast<size_t>(i)]);
      imaginary += std::sin(angle) * static_cast<double>(values[static_cast<size_t>(i)]);
    }
    EXPECT_NEAR(spectrum[static_cast<size_t>(2 * k)], real, 1e-4) << k;
    EXPECT_NEAR(spectrum[static_cast<size_t>(2 * k + 1)], imaginary, 1e-4) << k;
  }
}

TEST(Signal, refuses_odd_lengths_and_large_primes) {
  for (int64_t length : {5, 2, 2 * 37}) {
    SingleNode rfft("signal_rfft", {{"fft_length", length}});
    rfft.input(float32, {1, 2}, Floats{1, 2});
    EXPECT_THROW(rfft.run<float>(), UserError) << length;
  }
}

TEST(Signal, a_window_saturates) {
  SingleNode window("signal_window", {{"shift", int64_t{1}}});
  window.input(int16, {3}, Int16s{-3, 30000, -30000}).constant(int16, {3}, Int16s{1, 4, 4});
  EXPECT_EQ(window.run<int16_t>(), (Int16s{-2, 32767, -32768}));
}

TEST(Signal, energy_is_the_squared_magnitude_within_its_range) {
  SingleNode energy("signal_energy", {{"start_index", int64_t{1}}, {"end_index", int64_t{2}}});
  energy.input(int16, {6}, Int16s{1, 2, 3, -4, 5, 6});
  EXPECT_EQ(energy.run<int32_t>(), (Int32s{0, 25, 0}));
}

// Bands [0, 2) and [2, 3): the channel sums what the band before gives it and its own weights.
TEST(Signal, a_filter_bank_gives_each_band_to_two_channels) {
  SingleNode bank("signal_filter_bank", {{"num_channels", int64_t{1}}});
  bank.input(int32, {3}, Int32s{1, 10, 100}).constant(int16, {3}, Int16s{9, 9, 2}).constant(int16, {3}, Int16s{3, 4, 9});
  bank.constant(int16, {2}, Int16s{0, 2}).constant(int16, {2}, Int16s{0, 2}).constant(int16, {2}, Int16s{2, 1});
  EXPECT_EQ(bank.run<int64_t>(), (std::vector<int64_t>{3 + 40 + 200}));
}

TEST(Signal, a_band_outside_the_data_is_refused) {
  SingleNode bank("signal_filter_bank", {{"num_channels", int64_t{1}}});
  bank.input(int32, {2}, Int32s{1, 10}).constant(int16, {3}, Int16s{9, 9, 2}).constant(int16, {3}, Int16s{3, 4, 9});
  bank.constant(int16, {2}, Int16s{0, 2}).constant(int16, {2}, Int16s{0, 2}).constant(int16, {2}, Int16s{2, 1});
  EXPECT_THROW(bank.run<int64_t>(), UserError);
}

TEST(Signal, roots_go_to_nearest) {
  SingleNode root("signal_filter_bank_square_root");
  root.input(int64, {4}, std::vector<int64_t>{16, 20, 21, int64_t{1} << 40}).input(int32, {}, Int32s{0});
  EXPECT_EQ(root.run<int32_t>(), (Int32s{4, 4, 5, 1 << 20}));
}

TEST(Signal, logarithms_are_natural) {
  SingleNode log("signal_filter_bank_log", {{"output_scale", int64_t{1000}}, {"input_correction_bits", int64_t{0}}});
  log.input(int32, {3}, Int32s{1, 2, 1 << 10});
  EXPECT_EQ(log.run<int16_t>(), (Int16s{0, 693, 6931}));
}

}  // namespace
}  // namespace whit
