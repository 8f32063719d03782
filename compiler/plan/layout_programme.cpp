// SPDX-License-Identifier: Apache-2.0
// The programme walks the nodes once; partial assignments are a history of entries that name their predecessor.
#include "compiler/plan/layout_programme.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace whit {

namespace {

// Layouts of the tensors that live between two nodes, as far as they were chosen.
using Cut = std::map<TensorId, Layout>;

// The end of a chain of choices from the first node on.
struct Partial {
  double score = 0;
  int64_t peak = 0;      // bytes that the busiest node so far needs at least
  size_t option = 0;     // at the last node
  size_t before = 0;     // index of the partial of the node before
};

class LayoutProgramme {
 public:
  LayoutProgramme(const Graph &graph, const std::vector<NodeOptions> &options, const OptionScores &scores,
                  int64_t alignment)
      : graph_(graph), options_(options), scores_(scores), free_(free_layouts(graph)), last_read_(last_reads(graph)),
        peaks_(least_peaks(alignment)) {}

  std::vector<Assignment> run() {
    std::map<Cut, std::vector<Partial>> cuts{{Cut{}, {Partial{.peak = floor_}}}};
    for (size_t node = 0; node < graph_.nodes.size(); ++node) {
      std::map<Cut, std::vector<Partial>> next;
      for (const auto &[cut, partials] : cuts) extend(node, cut, partials, next);
      keep_best(next);
      cuts = commit(next);
    }
    return assignments(cuts);
  }

 private:
  static constexpr size_t most_cuts = 512;
  static constexpr size_t most_partials = 24;  // of one cut

  static std::vector<size_t> last_reads(const Graph &graph) {
    std::vector<size_t> last(graph.tensors.size(), 0);
    for (size_t node = 0; node < graph.nodes.size(); ++node)
      for (TensorId id : graph.nodes[node].inputs)
        if (id != no_tensor) last[static_cast<size_t>(id)] = node;
    return last;
  }

  // Of every node and option the bytes that live at the node, less what the option's overlays save.
  std::vector<std::vector<int64_t>> least_peaks(int64_t alignment) {
    std::vector<const Kernel *> first;
    for (const NodeOptions &node : options_) first.push_back(node[0].kernel);
    const Lifetimes lifetimes = lifetimes_of(graph_, first, alignment);
    std::vector<std::vector<int64_t>> peaks(options_.size());
    for (size_t node = 0; node < options_.size(); ++node) {
      const auto step = static_cast<int64_t>(node);
      int64_t live = 0;
      std::map<TensorId, bool> dying;
      for (size_t block = 0; block < lifetimes.blocks.size(); ++block) {
        const Block &at = lifetimes.blocks[block];
        if (at.first <= step && step <= at.last) live += align_up(at.bytes, alignment);
        dying[lifetimes.owners[block]] = at.last == step;
      }
      int64_t least = std::numeric_limits<int64_t>::max();
      for (const NodeOption &option : options_[node]) {
        int64_t saved = 0;
        for (const Saving &saving : option.savings)
          if (dying[saving.storage]) saved += saving.bytes;
        const int64_t written = graph_.tensor(graph_.nodes[node].outputs[0]).bytes();
        peaks[node].push_back(live - std::min(saved, written));
        least = std::min(least, peaks[node].back());
      }
      floor_ = std::max(floor_, least);
    }
    return peaks;
  }

  bool matches(const Cut &cut, const std::vector<TensorId> &inputs, const std::vector<Layout> &layouts) const {
    for (size_t position = 0; position < inputs.size(); ++position) {
      const auto found = cut.find(inputs[position]);
      if (found != cut.end() && found->second != layouts[position]) return false;
    }
    return true;
  }

  Cut after(size_t node, const NodeOption &option, const Cut &cut) const {
    Cut result;
    for (const auto &[id, layout] : cut)
      if (last_read_[static_cast<size_t>(id)] > node) result[id] = layout;
    const std::vector<TensorId> &outputs = graph_.nodes[node].outputs;
    for (size_t position = 0; position < outputs.size(); ++position) {
      const auto id = static_cast<size_t>(outputs[position]);
      if (free_[id] && last_read_[id] > node) result[outputs[position]] = option.outputs[position];
    }
    return result;
  }

  void extend(size_t node, const Cut &cut, const std::vector<Partial> &partials,
              std::map<Cut, std::vector<Partial>> &next) {
    for (size_t index = 0; index < options_[node].size(); ++index) {
      const NodeOption &option = options_[node][index];
      if (std::isinf(scores_[node][index]) || !matches(cut, graph_.nodes[node].inputs, option.inputs)) continue;
      std::vector<Partial> &reached = next[after(node, option, cut)];
      for (const Partial &partial : partials)
        insert(reached, {partial.score + scores_[node][index], std::max(partial.peak, peaks_[node][index]), index,
                         partial.before});
    }
  }

  // Keeps the list free of partials that another beats, ascending in score.
  static void insert(std::vector<Partial> &list, const Partial &partial) {
    const auto beaten_by = [](const Partial &one, const Partial &other) {
      return other.score <= one.score && other.peak <= one.peak;
    };
    for (const Partial &other : list)
      if (beaten_by(partial, other)) return;
    std::erase_if(list, [&](const Partial &other) { return beaten_by(other, partial); });
    const auto place = std::find_if(list.begin(), list.end(),
                                    [&](const Partial &other) { return other.score > partial.score; });
    list.insert(place, partial);
    if (list.size() > most_partials) list.erase(list.begin() + most_partials / 2);
  }

  static void keep_best(std::map<Cut, std::vector<Partial>> &cuts) {
    while (cuts.size() > most_cuts) {
      auto worst = cuts.begin();
      for (auto cut = cuts.begin(); cut != cuts.end(); ++cut)
        if (cut->second[0].score > worst->second[0].score) worst = cut;
      cuts.erase(worst);
    }
  }

  // Writes the partials of one node into the history; from here on `before` names the entry itself.
  std::map<Cut, std::vector<Partial>> commit(std::map<Cut, std::vector<Partial>> &next) {
    for (auto &[cut, partials] : next)
      for (Partial &partial : partials) {
        history_.push_back(partial);
        partial.before = history_.size() - 1;
      }
    return std::move(next);
  }

  std::vector<Assignment> assignments(const std::map<Cut, std::vector<Partial>> &cuts) const {
    std::vector<Assignment> result;
    for (const auto &[cut, partials] : cuts)
      for (const Partial &partial : partials) {
        Assignment assignment{std::vector<size_t>(graph_.nodes.size()), partial.score, partial.peak};
        size_t entry = partial.before;
        for (size_t node = graph_.nodes.size(); node-- > 0; entry = history_[entry].before)
          assignment.options[node] = history_[entry].option;
        result.push_back(std::move(assignment));
      }
    std::stable_sort(result.begin(), result.end(),
                     [](const Assignment &one, const Assignment &other) { return one.score < other.score; });
    return result;
  }

  const Graph &graph_;
  const std::vector<NodeOptions> &options_;
  const OptionScores &scores_;
  std::vector<bool> free_;
  std::vector<size_t> last_read_;
  int64_t floor_ = 0;  // what the busiest node needs with the best of its options
  std::vector<std::vector<int64_t>> peaks_;
  std::vector<Partial> history_{};
};

}  // namespace

std::vector<Assignment> assign_layouts(const Graph &graph, const std::vector<NodeOptions> &options,
                                       const OptionScores &scores, int64_t alignment) {
  return LayoutProgramme(graph, options, scores, alignment).run();
}

}  // namespace whit
