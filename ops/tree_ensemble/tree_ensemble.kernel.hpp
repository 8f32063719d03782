// SPDX-License-Identifier: Apache-2.0
// tree_ensemble, portable, by packed tables. Every different test (feature > threshold) is made once, into a bitmap;
// then each tree is walked with the bits of its tests' numbers.
//
// All trees lie in one level-order sequence of splits: the roots, then all their inner children, and so on. Two bits a
// split say whether its left and right child is a split too; counting the bits before them gives that child's number,
// or the leaf's. So a split takes two bits and its test's number, a leaf the bits of its code, and there are no
// pointers. A directory keeps the count at the begin of each block of splits.
// Rules: docs/semantics.md, "tree_ensemble".
#ifndef WHIT_OPS_TREE_ENSEMBLE_KERNEL_HPP
#define WHIT_OPS_TREE_ENSEMBLE_KERNEL_HPP

#include "device/core/core.hpp"
#include "device/core/ordered_bits.hpp"

#if defined(__GNUC__) && !defined(__clang__) && !defined(WHIT_HOST)
#pragma GCC push_options
#pragma GCC optimize("Os")  // these tables are for models that must be small
#endif

namespace whit {

// What a leaf's code means: the output it votes for; a number to add; a row of numbers, one an output or only those
// that are not 0.
enum { tree_leaf_vote, tree_leaf_number, tree_leaf_value, tree_leaf_row };
// What comes out: the class, integer scores, real scores.
enum { tree_result_label, tree_result_scores, tree_result_reals };
enum { tree_element_int8, tree_element_uint8, tree_element_int16, tree_element_float };

// passes: 2 where missing features also go left somewhere; count_bytes: of a number of tests; block_log: splits of a
// block, as power of two; rank_bytes: of a block's count; plain: sums need neither factor nor base; each_scale: one an output.
#define WHIT_TREE_ENSEMBLE_FIELDS(FIELD)                                                                       \
  FIELD(int32_t, element) FIELD(int32_t, features) FIELD(int32_t, passes) FIELD(int32_t, count_bytes)          \
  FIELD(int32_t, trees) FIELD(int32_t, outputs) FIELD(int32_t, block_log) FIELD(int32_t, rank_bytes)           \
  FIELD(int32_t, test_bits) FIELD(int32_t, leaf_kind) FIELD(int32_t, leaf_bits) FIELD(int32_t, value_bytes)    \
  FIELD(int32_t, result) FIELD(int32_t, label_bytes) FIELD(int32_t, plain) FIELD(int32_t, each_scale)
WHIT_PARAMETERS(TreeEnsembleParameters, WHIT_TREE_ENSEMBLE_FIELDS)

// Of a row's pairs.
template <bool many_outputs>
struct TreePairCount {
  typedef uint8_t Type;
};
template <>
struct TreePairCount<true> {
  typedef uint16_t Type;
};

// The same as constants, so that a chip's compiler leaves only what the model needs.
template <int features_, int passes_, int count_bytes_, int trees_, int outputs_, int block_log_, int rank_bytes_,
          int test_bits_, int leaf_kind_, int leaf_bits_, int value_bytes_, int result_, int label_bytes_, int plain_,
          int each_scale_>
struct TreeForm {
  typedef typename TreePairCount<(outputs_ > 255)>::Type PairCount;
  static constexpr int features = features_, passes = passes_, count_bytes = count_bytes_, trees = trees_;
  static constexpr int outputs = outputs_, block_log = block_log_, rank_bytes = rank_bytes_, test_bits = test_bits_;
  static constexpr int leaf_kind = leaf_kind_, leaf_bits = leaf_bits_, value_bytes = value_bytes_, result = result_;
  static constexpr int label_bytes = label_bytes_, plain = plain_, each_scale = each_scale_;
};

struct TreeTables {
  const uint8_t *counts;     // passes x features: how many tests each feature has
  const uint8_t *structure;  // a block: rank_bytes of count, then two bits a split
  const uint8_t *tests;      // packed_field of each split
  const uint8_t *leaves;     // packed_field of each leaf
  const uint8_t *rows;       // row: how many rows there are of 0, 1, ... pairs (two bytes each)
  const uint8_t *pairs;      // row: the output of each pair (of more than 256 two bytes); with value_bytes 0 the number less 1 in the upper half
  const uint8_t *values;     // value: the number of each code; row: of each pair
  const uint8_t *shares;     // number, value: how many trees each output has (two bytes each)
  const int32_t *base;       // the factor of all sums, then what each output begins with
  const float *scale;        // reals: of the sums, or of each
};

WHIT_INLINE int32_t load_bytes(const uint8_t *bytes, int count) {
  uint32_t value = 0;
  for (int i = count - 1; i >= 0; --i) value = value << 8 | load(bytes + i);
  return static_cast<int32_t>(value);
}

WHIT_INLINE int32_t load_signed(const uint8_t *bytes, int count) {
  if (count == 0) return 0;
  const int unused = 32 - 8 * count;
  return static_cast<int32_t>(static_cast<uint32_t>(load_bytes(bytes, count)) << unused) >> unused;
}

// Field `index` of those with `bits` bits. Eight of them are a group, in planes of 16, 8, 4, 2 and 1 bits, so that no
// field ever crosses a byte.
template <typename Index>
WHIT_INLINE Index packed_field(const uint8_t *fields, Index index, int bits) {
  const uint8_t *plane = fields + static_cast<size_t>(index >> 3) * static_cast<size_t>(bits);
  const uint8_t slot = static_cast<uint8_t>(index & 7);
  Index value = 0;
  if (bits & 16) {
    value = static_cast<Index>(load_bytes(plane + 2 * slot, 2));
    plane += 16;
  }
  if (bits & 8) {
    value = static_cast<Index>(value << 8 | load(plane + slot));
    plane += 8;
  }
  if (bits & 4) {
    const uint8_t pair = load(plane + (slot >> 1));
    value = static_cast<Index>(value << 4 | (slot & 1 ? pair >> 4 : pair & 15));
    plane += 4;
  }
  if (bits & 2) {
    value = static_cast<Index>(value << 2 | (load(plane + (slot >> 2)) >> 2 * (slot & 3) & 3));
    plane += 2;
  }
  if (bits & 1) value = static_cast<Index>(value << 1 | (load(plane) >> slot & 1));
  return value;
}

WHIT_INLINE uint8_t count_ones(uint8_t bits) {
  bits = static_cast<uint8_t>(bits - (bits >> 1 & 0x55));
  bits = static_cast<uint8_t>((bits & 0x33) + (bits >> 2 & 0x33));
  return static_cast<uint8_t>((bits + (bits >> 4)) & 15);
}

// Bit n of the bitmap: whether the feature of test n is above its threshold. Tests are sorted by pass and feature.
template <typename Form, typename Element, typename Threshold>
WHIT_INLINE void tree_tests(const Form &form, const TreeTables &tables, const Threshold *thresholds,
                            const Element *input, uint8_t *bitmap) {
  const uint8_t *counts = tables.counts;
  uint8_t mask = 1, bits = 0;
  for (int pass = 0; pass < form.passes; ++pass)
    for (int feature = 0; feature < form.features; ++feature) {
      const Threshold value = tree_key(input[feature], pass);
      uint16_t count = static_cast<uint16_t>(load_bytes(counts, form.count_bytes));
      counts += form.count_bytes;
      for (; count != 0; --count) {
        if (value > load(thresholds++)) bits |= mask;
        mask = static_cast<uint8_t>(mask << 1);
        if (mask != 0) continue;
        *bitmap++ = bits;
        mask = 1;
        bits = 0;
      }
    }
  *bitmap = bits;
}

// The number of the leaf that `tree` ends in.
template <typename Index, typename Form>
WHIT_INLINE Index tree_leaf(const Form &form, const TreeTables &tables, const uint8_t *bitmap, Index tree) {
  const int block_bytes = form.rank_bytes + (1 << form.block_log) / 4;
  for (Index split = tree;;) {
    const Index test = packed_field(tables.tests, split, form.test_bits);
    const uint8_t right = bitmap[test >> 3] >> (test & 7) & 1;
    const uint8_t *block = tables.structure + static_cast<size_t>(split >> form.block_log) * static_cast<size_t>(block_bytes);
    const uint8_t place = static_cast<uint8_t>((split & ((1 << form.block_log) - 1)) * 2 + right);
    Index rank = static_cast<Index>(load_bytes(block, form.rank_bytes));
    block += form.rank_bytes;
    for (const uint8_t *end = block + (place >> 3); block != end; ++block)
      rank = static_cast<Index>(rank + count_ones(load(block)));
    const uint8_t bits = load(block), bit = static_cast<uint8_t>(1 << (place & 7));
    rank = static_cast<Index>(rank + count_ones(static_cast<uint8_t>(bits & (bit - 1))));
    if (!(bits & bit)) return static_cast<Index>(2 * split + right - (rank - form.trees));
    split = rank;
  }
}

WHIT_INLINE uint16_t no_pairs(const TreeEnsembleParameters &) { return 0; }
template <typename Form>
WHIT_INLINE typename Form::PairCount no_pairs(const Form &) {
  return 0;
}

// Adds the pairs of one row.
template <typename Index, typename Form, typename Sum>
WHIT_INLINE void tree_add_row(const Form &form, const TreeTables &tables, Index row, Sum *sums) {
  const uint8_t *pairs = tables.pairs, *values = tables.values, *rows = tables.rows;
  const int pair_bytes = form.outputs > 256 ? 2 : 1;
  auto length = no_pairs(form);
  for (Index count; row >= (count = static_cast<Index>(load_bytes(rows, 2))); rows += 2, ++length) {
    row = static_cast<Index>(row - count);
    pairs += static_cast<size_t>(count) * length * static_cast<size_t>(pair_bytes);
  }
  pairs += static_cast<size_t>(row) * length * static_cast<size_t>(pair_bytes);
  values += static_cast<size_t>(pairs - tables.pairs) / static_cast<size_t>(pair_bytes) * static_cast<size_t>(form.value_bytes);
  for (; length != 0; --length, values += form.value_bytes, pairs += pair_bytes) {
    const decltype(length) pair = static_cast<decltype(length)>(pair_bytes == 1 ? load(pairs) : load_bytes(pairs, 2));
    Sum &sum = sums[form.value_bytes == 0 ? pair & 15 : pair];
    sum = static_cast<Sum>(sum + (form.value_bytes == 0 ? (pair >> 4) + 1 : load_signed(values, form.value_bytes)));
  }
}

template <typename Index, typename Form, typename Sum>
WHIT_INLINE void tree_sums(const Form &form, const TreeTables &tables, const uint8_t *bitmap, Sum *sums) {
  for (int output = 0; output < form.outputs; ++output) sums[output] = 0;
  Index tree = 0, end = 0;
  const bool shared = form.leaf_kind == tree_leaf_vote || form.leaf_kind == tree_leaf_row;
  for (int share = 0; share < (shared ? 1 : form.outputs); ++share) {
    end = static_cast<Index>(end + (shared || form.outputs == 1 ? form.trees : load_bytes(tables.shares + 2 * share, 2)));
    Sum sum = 0;
    for (; tree < end; ++tree) {
      const Index code = packed_field(tables.leaves, tree_leaf<Index>(form, tables, bitmap, tree), form.leaf_bits);
      if (form.leaf_kind == tree_leaf_vote) ++sums[code];
      if (form.leaf_kind == tree_leaf_row) tree_add_row(form, tables, code, sums);
      if (form.leaf_kind == tree_leaf_number) sum = static_cast<Sum>(sum + static_cast<Sum>(code));
      if (form.leaf_kind == tree_leaf_value)
        sum = static_cast<Sum>(sum + load_signed(tables.values + static_cast<size_t>(code) * static_cast<size_t>(form.value_bytes), form.value_bytes));
    }
    if (!shared) sums[share] = sum;
  }
  if (form.plain) return;
  const Sum factor = static_cast<Sum>(load(tables.base));
  for (int output = 0; output < form.outputs; ++output)
    sums[output] = static_cast<Sum>(sums[output] * factor + load(tables.base + 1 + output));
}

// The first of the largest sums; a single sum decides between class 0 and, above 0, class 1.
template <typename Form, typename Sum>
WHIT_INLINE int tree_label(const Form &form, const Sum *sums) {
  if (form.outputs == 1) return sums[0] > 0;
  int best = 0;
  for (int output = 1; output < form.outputs; ++output)
    if (sums[output] > sums[best]) best = output;
  return best;
}

template <typename Form, typename Sum>
WHIT_INLINE void tree_result(const Form &form, const TreeTables &tables, const Sum *sums, void *output) {
  if (form.result == tree_result_label) {
    if (form.label_bytes == 1)
      *static_cast<uint8_t *>(output) = static_cast<uint8_t>(tree_label(form, sums));
    else
      *static_cast<int32_t *>(output) = tree_label(form, sums);
    return;
  }
  for (int i = 0; i < form.outputs; ++i) {
    if (form.result == tree_result_scores) static_cast<int32_t *>(output)[i] = sums[i];
    if (form.result == tree_result_reals)
      static_cast<float *>(output)[i] = static_cast<float>(sums[i]) * load(tables.scale + (form.each_scale ? i : 0));
  }
}

template <typename Index, typename Sum, typename Form, typename Element, typename Threshold>
WHIT_INLINE void tree_ensemble_by(const Form &form, const TreeTables &tables, const Threshold *thresholds,
                                  const Element *input, void *output, void *scratch) {
  Sum *sums = static_cast<Sum *>(scratch);
  uint8_t *bitmap = static_cast<uint8_t *>(scratch) + sizeof(Sum) * static_cast<size_t>(form.outputs);
  tree_tests(form, tables, thresholds, input, bitmap);
  tree_sums<Index>(form, tables, bitmap, sums);
  tree_result(form, tables, sums, output);
}

// As the firmware calls it, with the parameters in its type.
template <typename Index, typename Sum, typename Form, typename Element, typename Threshold>
WHIT_KERNEL void tree_ensemble(const TreeEnsembleParameters *, const Element *input, const uint8_t *counts,
                               const Threshold *thresholds, const uint8_t *structure, const uint8_t *tests, const uint8_t *leaves,
                               const uint8_t *rows, const uint8_t *pairs, const uint8_t *values, const uint8_t *shares,
                               const int32_t *base, const float *scale, void *output, Scratch scratch) {
  const TreeTables tables = {counts, structure, tests, leaves, rows, pairs, values, shares, base, scale};
  tree_ensemble_by<Index, Sum>(Form(), tables, thresholds, input, output, static_cast<void *>(static_cast<uint8_t *>(scratch)));
}

}  // namespace whit

#if defined(__GNUC__) && !defined(__clang__) && !defined(WHIT_HOST)
#pragma GCC pop_options
#endif

#endif
