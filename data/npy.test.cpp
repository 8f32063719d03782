// SPDX-License-Identifier: Apache-2.0
// .npy files made by hand: what is read, what is refused, and that what is written reads back.
#include "data/npy.hpp"

#include <gtest/gtest.h>

#include "data/npy_header.hpp"

namespace whit {
namespace {

// A file of the version with the header text as it stands and the elements behind it.
Bytes file_of(int version, const std::string &header, const Bytes &elements) {
  Bytes file{0x93, 'N', 'U', 'M', 'P', 'Y', static_cast<uint8_t>(version), 0};
  for (size_t i = 0; i < (version == 1 ? 2 : 4); ++i) file.push_back(static_cast<uint8_t>(header.size() >> (8 * i)));
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), elements.begin(), elements.end());
  return file;
}

std::string header_of(const std::string &type, const std::string &shape) {
  return "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }\n";
}

std::string message_of(const Bytes &file) {
  try {
    parse_npy("x.npy", file);
  } catch (const UserError &error) {
    return error.what();
  }
  return "accepted";
}

TEST(Npy, all_three_versions_are_read) {
  for (const int version : {1, 2, 3}) {
    const Bytes file = file_of(version, header_of("<i2", "3,"), {1, 0, 255, 255, 0, 128});
    const NpyArray array = parse_npy("x.npy", file);
    std::vector<int64_t> values;
    for_each_element(array, [&](int64_t value) { values.push_back(value); }, [](double) {});
    EXPECT_EQ(array.shape, Shape{3});
    EXPECT_EQ(values, (std::vector<int64_t>{1, -1, -32768}));
  }
}

TEST(Npy, keys_stand_in_any_order_and_either_quote) {
  const NpyHeader header =
      parse_npy_header("x.npy", R"({"shape":(2, 3), "fortran_order": True, "descr": "<f4"}      )");
  EXPECT_EQ(header.type, "<f4");
  EXPECT_TRUE(header.fortran_order);
  EXPECT_EQ(header.shape, (Shape{2, 3}));
}

TEST(Npy, a_scalar_has_no_axes) {
  const Bytes file = file_of(1, header_of("<f8", ""), {0, 0, 0, 0, 0, 0, 0xf8, 0x3f});
  double value = 0;
  for_each_element(parse_npy("x.npy", file), [](int64_t) {}, [&](double real) { value = real; });
  EXPECT_EQ(value, 1.5);
}

TEST(Npy, damaged_files_are_refused) {
  const Bytes whole = file_of(1, header_of("|u1", "2, 2"), {1, 2, 3, 4});
  EXPECT_EQ(message_of(whole), "accepted");
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(message_of(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size))), "accepted") << size;
  EXPECT_NE(message_of(file_of(4, header_of("|u1", "1,"), {1})), "accepted");
  EXPECT_NE(message_of(file_of(1, header_of("|u1", "2, 2"), {1, 2, 3, 4, 5})), "accepted");
}

TEST(Npy, shapes_that_overflow_are_refused) {
  for (const std::string shape : {"4294967296, 4294967296", "9223372036854775807, 2", "9223372036854775808,", "-1, -1",
                                  "18446744073709551615,", "1e3,"})
    EXPECT_NE(message_of(file_of(1, header_of("<f8", shape), Bytes(8))), "accepted") << shape;
}

TEST(Npy, damaged_headers_are_refused) {
  for (const std::string text :
       {"", "{", "{}", "{'descr': '|u1'}", "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': ()}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}", "{'shape': (1", "{'descr': '|u1",
        "{'descr': '|u1', 'fortran_order': Maybe, 'shape': ()}", "{'descr': '|u1', 'fortran_order': False, 'shape': ()} x"})
    EXPECT_THROW(parse_npy_header("x.npy", text), UserError) << text;
}

TEST(Npy, other_types_and_orders_are_refused_with_advice) {
  EXPECT_EQ(message_of(file_of(1, header_of(">f4", "1,"), Bytes(4))),
            "x.npy: array of type '>f4'\n"
            "  supported: little-endian bool, int8 to int64, uint8 to uint32, float32, float64\n"
            "  hint: convert with array.astype(numpy.float32) and save again");
  EXPECT_EQ(message_of(file_of(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2)}", Bytes(4))),
            "x.npy: array in Fortran order\n  supported: arrays in C order\n"
            "  hint: save numpy.ascontiguousarray(array) instead");
}

TEST(Npy, a_written_file_is_aligned_and_reads_back) {
  const Bytes elements = bytes_of(std::vector<int32_t>{7, -8});
  const Bytes file = npy_file(ElementType::int32, {2}, elements);
  EXPECT_EQ((file.size() - elements.size()) % 64, 0U);
  const NpyArray array = parse_npy("x.npy", file);
  EXPECT_EQ(array.type, NpyType::int32);
  EXPECT_EQ(array.shape, Shape{2});
  EXPECT_EQ(Bytes(array.bytes.begin(), array.bytes.end()), elements);
}

}  // namespace
}  // namespace whit
