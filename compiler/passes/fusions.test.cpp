// SPDX-License-Identifier: Apache-2.0
// Graphs before and after each pass that joins or takes out nodes, and graphs that must stay.
#include "compiler/passes/pass_test.hpp"

namespace whit {
namespace {

TEST(RemoveIdentities, takes_out_nodes_that_change_nothing) {
  expect_pass("remove_identities", R"(graph "g" {
    input %x: int8[1,2,3] scale 0.5 zero 1
    %a: int8[1,2,3] scale 0.5 zero 1 = reshape(%x) {shape = [1, 2, 3]}
    %b: int8[1,2,3] scale 0.5 zero 1 = transpose(%a) {permutation = [0, 1, 2]}
    %c: int8[1,2,3] scale 0.5 zero 1 = pad(%b) {padding = [0, 0, 0, 0, 0, 0]}
    %d: int8[1,2,3] scale 0.5 zero 1 = concatenation(%c) {axis = 1}
    %e: int8[1,2,3] scale 0.5 zero 1 = quantize(%d) {type = "int8"}
    %y: int8[1,2,3] scale 0.5 zero 1 = relu6(%e)
    output %y
  })",
              R"(graph "g" {
    input %x: int8[1,2,3] scale 0.5 zero 1
    %y: int8[1,2,3] scale 0.5 zero 1 = relu6(%x)
    output %y
  })");
}

TEST(RemoveIdentities, keeps_the_names_of_outputs) {
  expect_pass("remove_identities", R"(graph "g" {
    input %x: int8[1,2] scale 0.5 zero 1
    %a: int8[1,2] scale 0.5 zero 1 = relu(%x)
    %y: int8[1,2] scale 0.5 zero 1 = reshape(%a) {shape = [1, 2]}
    output %y
  })",
              R"(graph "g" {
    input %x: int8[1,2] scale 0.5 zero 1
    %y: int8[1,2] scale 0.5 zero 1 = relu(%x)
    output %y
  })");
}

TEST(RemoveIdentities, leaves_what_changes_something_or_stands_between_input_and_output) {
  expect_untouched("remove_identities", R"(graph "g" {
    input %x: int8[2,1] scale 0.5 zero 1
    variable %v: int8[2,1] scale 0.5 zero 1
    %y: int8[2,1] scale 0.5 zero 1 = reshape(%x) {shape = [2, 1]}
    %z: int8[1,2] scale 0.5 zero 1 = transpose(%x) {permutation = [1, 0]}
    %p: int8[3,1] scale 0.5 zero 1 = pad(%x) {padding = [1, 0, 0, 0]}
    %q: int8[2,1] scale 0.25 zero 1 = quantize(%x) {type = "int8"}
    %r: int8[2,1] scale 0.5 zero 1 = reshape(%v) {shape = [2, 1]}
    %s: int8[2,1] scale 0.5 zero 1 = relu(%r)
    output %y, %z, %p, %q, %s
  })");
}

TEST(MergeReshapes, reads_past_the_first) {
  expect_pass("merge_reshapes", R"(graph "g" {
    input %x: float32[1,2,3]
    %a: float32[6] = reshape(%x) {shape = [6]}
    %b: float32[3,2] = reshape(%a) {shape = [3, 2]}
    %y: float32[2,3] = reshape(%b) {shape = [2, 3]}
    output %y
  })",
              R"(graph "g" {
    input %x: float32[1,2,3]
    %y: float32[2,3] = reshape(%x) {shape = [2, 3]}
    output %y
  })");
}

TEST(CancelTransposes, composes_pairs) {
  expect_pass("cancel_transposes", R"(graph "g" {
    input %x: float32[2,3,4]
    %a: float32[4,2,3] = transpose(%x) {permutation = [2, 0, 1]}
    %y: float32[4,3,2] = transpose(%a) {permutation = [0, 2, 1]}
    output %y
  })",
              R"(graph "g" {
    input %x: float32[2,3,4]
    %y: float32[4,3,2] = transpose(%x) {permutation = [2, 1, 0]}
    output %y
  })");
}

TEST(CancelTransposes, leaves_nothing_of_a_pair_that_cancels) {
  const Graph graph = parse_graph(R"(graph "g" {
    input %x: float32[2,3,4]
    %a: float32[4,2,3] = transpose(%x) {permutation = [2, 0, 1]}
    %b: float32[2,3,4] = transpose(%a) {permutation = [1, 2, 0]}
    %y: float32[2,3,4] = relu(%b)
    output %y
  })");
  Module module{{graph}};
  run_passes(module);
  EXPECT_EQ(module.main().nodes.size(), 1U);
  expect_same_outputs(graph, module.main());
}

TEST(CancelTransposes, makes_a_reshape_where_no_byte_moves) {
  expect_pass("cancel_transposes", R"(graph "g" {
    input %x: float32[1,2,1,3]
    %y: float32[2,3,1,1] = transpose(%x) {permutation = [1, 3, 0, 2]}
    output %y
  })",
              R"(graph "g" {
    input %x: float32[1,2,1,3]
    %y: float32[2,3,1,1] = reshape(%x) {shape = [2, 3, 1, 1]}
    output %y
  })");
  expect_untouched("cancel_transposes", R"(graph "g" {
    input %x: float32[1,2,3]
    %y: float32[1,3,2] = transpose(%x) {permutation = [0, 2, 1]}
    output %y
  })");
}

// A pad before a convolution, in these words.
std::string padded(const char *attributes, const char *reader, const char *pad_type = "int8[1,5,4,1] scale 0.5 zero 3") {
  return fmt::format(R"(graph "g" {{
    input %x: int8[1,3,3,1] scale 0.5 zero 3
    %p: {} = pad(%x) {{{}}} from "operator 0, PAD"
    constant %w: int8[2,3,2,1] scale 0.1 zero 0 = random 1
    constant %d: int8[1,3,2,1] scale 0.1 zero 0 = random 2
    {}
    output %y
  }})", pad_type, attributes, reader);
}

TEST(FusePad, moves_rows_and_columns_into_the_window) {
  expect_pass("fuse_pad",
              padded("padding = [0, 0, 1, 1, 0, 1, 0, 0]",
                     "%y: int8[1,3,4,2] scale 9 zero 0 = conv2d(%p, %w) {padding_left = 1} from \"operator 1, CONV_2D\""),
              R"(graph "g" {
    input %x: int8[1,3,3,1] scale 0.5 zero 3
    constant %w: int8[2,3,2,1] scale 0.1 zero 0 = random 1
    %y: int8[1,3,4,2] scale 9 zero 0 = conv2d(%x, %w) {padding_bottom = 1, padding_left = 1, padding_right = 1, padding_top = 1} from "operator 1, CONV_2D + operator 0, PAD"
    output %y
  })");
  expect_pass("fuse_pad",
              padded("padding = [0, 0, 2, 0, 1, 0, 0, 0], value = 3",
                     "%y: int8[1,3,3,1] scale 9 zero 0 = depthwise_conv2d(%p, %d)"),
              R"(graph "g" {
    input %x: int8[1,3,3,1] scale 0.5 zero 3
    constant %d: int8[1,3,2,1] scale 0.1 zero 0 = random 2
    %y: int8[1,3,3,1] scale 9 zero 0 = depthwise_conv2d(%x, %d) {padding_left = 1, padding_top = 2} from "operator 0, PAD"
    output %y
  })");
}

TEST(FusePad, stays_where_it_would_show) {
  const char *const conv = "%y: int8[1,3,3,2] scale 9 zero 0 = conv2d(%p, %w)";
  expect_untouched("fuse_pad", padded("padding = [0, 0, 1, 1, 0, 1, 0, 0], value = 4", conv));
  expect_untouched("fuse_pad", padded("padding = [0, 0, 1, 1, 0, 1, 0, 0]",
                                      "%y: int8[1,5,4,1] scale 0.5 zero 3 = average_pool2d(%p) "
                                      "{kernel_height = 1, kernel_width = 1}"));
  expect_untouched("fuse_pad", padded("padding = [0, 0, 0, 3, 0, 1, 0, 0]",
                                      "%y: int8[1,4,3,2] scale 9 zero 0 = conv2d(%p, %w)",
                                      "int8[1,6,4,1] scale 0.5 zero 3"));
  expect_untouched("fuse_pad", R"(graph "g" {
    input %x: int8[1,1,1,1] scale 1 zero 0
    %p: int8[1,1,1,2] scale 1 zero 0 = pad(%x) {padding = [0, 0, 0, 0, 0, 0, 0, 1]}
    constant %w: int8[1,1,1,2] scale 1 zero 0 = [1, 2]
    %y: int8[1,1,1,1] scale 1 zero 0 = conv2d(%p, %w)
    output %y
  })");
}

TEST(FusePad, of_floats_needs_finite_weights) {
  const auto graph_with = [](const char *weights) {
    return fmt::format(R"(graph "g" {{
      input %x: float32[1,1,2,1]
      %p: float32[1,1,3,1] = pad(%x) {{padding = [0, 0, 0, 0, 1, 0, 0, 0]}}
      constant %w: float32[1,1,2,1] = {}
      %y: float32[1,1,2,1] = conv2d(%p, %w)
      output %y
    }})", weights);
  };
  expect_untouched("fuse_pad", graph_with("hex \"0000807f\" \"0000803f\""));
  const Graph graph = parse_graph(graph_with("[-2, 1]"));
  const Graph result = after_pass("fuse_pad", graph);
  EXPECT_EQ(result.nodes.size(), 1U);
  expect_same_outputs(graph, result);
}

// A float layer followed by an add.
std::string added(const char *layer_inputs, const char *constant, const char *addition) {
  return fmt::format(R"(graph "g" {{
    input %x: float32[1,2,2,1]
    constant %w: float32[3,1,1,1] = [1, -2, 3]
    constant %zeros: float32[3] = [0, -0.0, 0]
    constant %ones: float32[3] = [1, 1, 1]
    %s: float32[1,2,2,3] = conv2d({}) from "conv"
    constant %c: {}
    %y: float32[1,2,2,3] = {} from "add"
    output %y
  }})", layer_inputs, constant, addition);
}

TEST(FuseBias, gives_a_layer_without_bias_the_added_constant) {
  const char *const after = R"(graph "g" {
    input %x: float32[1,2,2,1]
    constant %w: float32[3,1,1,1] = [1, -2, 3]
    constant %c: float32[3] = [4, 5, 6]
    %y: float32[1,2,2,3] = conv2d(%x, %w, %c) {activation = "relu"} from "conv + add"
    output %y
  })";
  expect_pass("fuse_bias", added("%x, %w", "float32[1,1,1,3] = [4, 5, 6]", "add(%s, %c) {activation = \"relu\"}"), after);
  expect_pass("fuse_bias", added("%x, %w, %zeros", "float32[3] = [4, 5, 6]", "add(%c, %s) {activation = \"relu\"}"), after);
}

TEST(FuseBias, repeats_one_value_for_all_channels) {
  const Graph graph = parse_graph(added("%x, %w", "float32[] = [4]", "add(%s, %c)"));
  const Graph result = after_pass("fuse_bias", graph);
  ASSERT_EQ(result.nodes.size(), 1U);
  EXPECT_EQ(*result.tensor(result.nodes[0].inputs[2]).constant, bytes_of<float>({4, 4, 4}));
  expect_same_outputs(graph, result);
}

TEST(FuseBias, stays_where_it_would_round_otherwise) {
  expect_untouched("fuse_bias", added("%x, %w, %ones", "float32[3] = [4, 5, 6]", "add(%s, %c)"));
  expect_untouched("fuse_bias", added("%x, %w", "float32[3] = [4, 5, 2e31]", "add(%s, %c)"));
  expect_untouched("fuse_bias", added("%x, %w", "float32[1,1,2,1] = [4, 5]", "add(%s, %c)"));
  expect_untouched("fuse_bias", added("%x, %w", "float32[3] = [4, 5, 6]", "mul(%s, %c)"));
}

// An activation after a node with one output.
std::string activated(const char *type, const char *first, const char *activation) {
  return fmt::format(R"(graph "g" {{
    input %x: {0}
    input %z: {0}
    %s: {0} = {1} from "first"
    %y: {0} = {2} from "second"
    output %y
  }})", type, first, activation);
}

TEST(FuseActivation, becomes_the_clamp_of_the_node_before) {
  for (const char *type : {"float32[1,2,2,2]", "int8[1,2,2,2] scale 0.1 zero -20", "int8[1,2,2,2] scale 0.003 zero 100"})
    for (const char *activation : {"relu", "relu6", "relu_n1_to_1"}) {
      const std::string before = activated(type, "add(%x, %z)", fmt::format("{}(%s)", activation).c_str());
      expect_pass("fuse_activation", before, fmt::format(R"(graph "g" {{
        input %x: {0}
        input %z: {0}
        %y: {0} = add(%x, %z) {{activation = "{1}"}} from "first + second"
        output %y
      }})", type, activation));
    }
}

TEST(FuseActivation, stays_where_the_node_before_has_one_or_takes_none) {
  const char *const type = "int8[1,2,2,2] scale 0.1 zero -20";
  expect_untouched("fuse_activation", activated(type, "add(%x, %z) {activation = \"relu6\"}", "relu(%s)"));
  expect_untouched("fuse_activation", activated(type, "tanh(%x)", "relu(%s)"));
  for (const char *name : {"maximum", "minimum", "squared_difference", "floor_div", "floor_mod", "prelu"})
    expect_untouched("fuse_activation", activated(type, fmt::format("{}(%x, %z)", name).c_str(), "relu(%s)"));
  expect_untouched("fuse_activation", activated(type, "add(%x, %z)", "leaky_relu(%s) {alpha = 0.5}"));
}

TEST(FuseActivation, stays_where_the_node_before_refuses_it) {
  expect_untouched("fuse_activation", R"(graph "g" {
    input %x: float32[1,2]
    constant %w: float32[1,2] = [1.0, 2.0]
    constant %b: float32[1] = [1.0]
    %s: float32[1,1] = linear(%x, %w, %b) {result = "scores"}
    %y: float32[1,1] = relu6(%s)
    output %y
  })");
}

TEST(FuseActivation, stays_where_the_scale_changes_or_others_read_the_sum) {
  expect_untouched("fuse_activation", R"(graph "g" {
    input %x: int8[2] scale 0.1 zero 0
    %s: int8[2] scale 0.2 zero 0 = add(%x, %x)
    %y: int8[2] scale 0.1 zero 0 = relu(%s)
    output %y
  })");
  expect_untouched("fuse_activation", R"(graph "g" {
    input %x: float32[2]
    %s: float32[2] = add(%x, %x)
    %y: float32[2] = relu(%s)
    output %y, %s
  })");
}

TEST(ConstantFolding, computes_on_the_host) {
  expect_pass("constant_folding", R"(graph "g" {
    input %x: float32[2]
    constant %a: float32[2] = [1, 2]
    %b: float32[2] = add(%a, %a)
    %c: float32[2] = mul(%b, %a)
    %y: float32[2] = add(%x, %c)
    output %y
  })",
              R"(graph "g" {
    input %x: float32[2]
    constant %c: float32[2] = [2, 8]
    %y: float32[2] = add(%x, %c)
    output %y
  })");
}

TEST(ConstantFolding, leaves_outputs_and_variables) {
  expect_untouched("constant_folding", R"(graph "g" {
    constant %a: float32[2] = [1, 2]
    variable %v: float32[2]
    %v = relu(%a)
    %y: float32[2] = relu(%a)
    output %y
  })");
}

TEST(ConstantBranches, puts_in_the_body_that_runs) {
  expect_pass("constant_branches", R"(graph "g" {
    input %x: float32[2]
    constant %never: boolean[1] = [0]
    %y: float32[2] = if(%never, %x)
      graph "then" { input %a: float32[2] output %a }
      graph "else" {
        input %a: float32[2]
        constant %c: float32[2] = [2, 8]
        %sum: float32[2] = add(%a, %c)
        output %sum
      }
    output %y
  })",
              R"(graph "g" {
    input %x: float32[2]
    constant %c: float32[2] = [2, 8]
    %sum: float32[2] = add(%x, %c)
    %y: float32[2] = copy(%sum)
    output %y
  })");
}

TEST(ConstantBranches, reads_variables_before_it_writes_them) {
  expect_pass("constant_branches", R"(graph "g" {
    input %x: float32[2]
    variable %v: float32[2]
    constant %always: boolean[1] = [1]
    %y: float32[2], %v = if(%always, %x, %v)
      graph "then" { input %a: float32[2] input %b: float32[2] output %b, %a }
      graph "else" { input %a: float32[2] input %b: float32[2] output %a, %b }
    output %y
  })",
              R"(graph "g" {
    input %x: float32[2]
    variable %v: float32[2]
    %b: float32[2] = copy(%v)
    %y: float32[2] = copy(%b)
    %v = copy(%x)
    output %y
  })");
}

TEST(ConstantBranches, leaves_conditions_that_are_computed) {
  expect_untouched("constant_branches", R"(graph "g" {
    input %flag: boolean[1]
    input %x: float32[2]
    %y: float32[2] = if(%flag, %x)
      graph "then" { input %a: float32[2] output %a }
      graph "else" { input %a: float32[2] output %a }
    output %y
  })");
}

TEST(DeadCode, removes_what_no_output_needs_and_numbers_in_order) {
  expect_pass("dead_code", R"(graph "g" {
    constant %unread: float32[2] = [1, 2]
    unused %u: int8[3]
    constant %c: float32[2] = [3, 4]
    input %x: float32[2]
    variable %v: float32[2]
    %a: float32[2] = relu(%x)
    %b: float32[2] = tanh(%a)
    %y: float32[2] = add(%x, %c)
    %v = relu6(%x)
    output %y
  })",
              R"(graph "g" {
    input %x: float32[2]
    constant %c: float32[2] = [3, 4]
    %y: float32[2] = add(%x, %c)
    variable %v: float32[2]
    %v = relu6(%x)
    output %y
  })");
}

}  // namespace
}  // namespace whit
