// SPDX-License-Identifier: Apache-2.0
// For operators that only move elements: one kernel for each type of element, by one macro.
#pragma once

#include "compiler/ir/types.hpp"

// KERNEL<type, T>("name_int8"), and so on, for every type of whole bytes.
#define WHIT_KERNEL_OF_EACH_TYPE(KERNEL, name)                                                       \
  KERNEL<ElementType::int8, int8_t>(name "_int8"), KERNEL<ElementType::uint8, uint8_t>(name "_uint8"), \
      KERNEL<ElementType::boolean, uint8_t>(name "_boolean"), KERNEL<ElementType::int16, int16_t>(name "_int16"), \
      KERNEL<ElementType::int32, int32_t>(name "_int32"), KERNEL<ElementType::int64, int64_t>(name "_int64"), \
      KERNEL<ElementType::float32, float>(name "_float")

// GRAPH<type> for the same types.
#define WHIT_GRAPH_OF_EACH_TYPE(GRAPH)                                                              \
  GRAPH<ElementType::int8>, GRAPH<ElementType::uint8>, GRAPH<ElementType::boolean>, GRAPH<ElementType::int16>, \
      GRAPH<ElementType::int32>, GRAPH<ElementType::int64>, GRAPH<ElementType::float32>
