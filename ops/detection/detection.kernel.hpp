// SPDX-License-Identifier: Apache-2.0
// detection_post_process, portable: boxes from their distances to anchors, then for each class, or once for each box's
// best class, the highest scores whose boxes do not overlap a higher one's by much. Rules: docs/semantics.md,
// "detection_post_process".
#ifndef WHIT_OPS_DETECTION_KERNEL_HPP
#define WHIT_OPS_DETECTION_KERNEL_HPP

#include "device/core/float_math.hpp"

namespace whit {

// `columns`: scores of a box, background (column 0) included where `background` is 1. `box_numbers`: numbers that encode
// a box, of which four count.
#define WHIT_DETECTION_FIELDS(FIELD)                                                                        \
  FIELD(int32_t, boxes) FIELD(int32_t, columns) FIELD(int32_t, classes) FIELD(int32_t, background)          \
  FIELD(int32_t, box_numbers) FIELD(int32_t, detections) FIELD(int32_t, per_class)                          \
  FIELD(float, score_threshold) FIELD(float, overlap_threshold)                                             \
  FIELD(float, y_scale) FIELD(float, x_scale) FIELD(float, h_scale) FIELD(float, w_scale)
WHIT_PARAMETERS(DetectionParameters, WHIT_DETECTION_FIELDS)

struct BoxCorners {
  float y_low, x_low, y_high, x_high;
};

// Scratch: corners of each box, its score in the class at hand, and which box each detection is.
struct DetectionMemory {
  BoxCorners *corners;
  float *scores;
  int32_t *chosen;
};

WHIT_INLINE float larger(float a, float b) { return a > b ? a : b; }
WHIT_INLINE float smaller(float a, float b) { return a < b ? a : b; }

WHIT_INLINE BoxCorners corners_of(const DetectionParameters &p, const float *box, const float *anchor) {
  const float height = load(anchor + 2), width = load(anchor + 3);
  const float y = box[0] / p.y_scale * height + load(anchor), x = box[1] / p.x_scale * width + load(anchor + 1);
  const float half_height = 0.5F * exp_float(box[2] / p.h_scale) * height;
  const float half_width = 0.5F * exp_float(box[3] / p.w_scale) * width;
  const BoxCorners corners = {y - half_height, x - half_width, y + half_height, x + half_width};
  return corners;
}

// The shared area over the area of both together.
WHIT_INLINE float overlap_of_boxes(const BoxCorners &a, const BoxCorners &b) {
  const float area = (a.y_high - a.y_low) * (a.x_high - a.x_low), other = (b.y_high - b.y_low) * (b.x_high - b.x_low);
  if (area <= 0.0F || other <= 0.0F) return 0.0F;
  const float shared = larger(smaller(a.y_high, b.y_high) - larger(a.y_low, b.y_low), 0.0F) *
                       larger(smaller(a.x_high, b.x_high) - larger(a.x_low, b.x_low), 0.0F);
  return shared / (area + other - shared);
}

// The box with the highest score that still counts, the first of equal ones, or -1. Boxes that no longer count have a
// score of minus infinity.
WHIT_INLINE int32_t best_box(const DetectionParameters &p, const float *scores) {
  int32_t best = -1;
  for (int32_t box = 0; box < p.boxes; ++box)
    if (scores[box] >= p.score_threshold && (best < 0 || scores[box] > scores[best])) best = box;
  return best;
}

// Takes the box out, and those that overlap it too much.
WHIT_INLINE void suppress(const DetectionParameters &p, const DetectionMemory &memory, int32_t taken) {
  const float gone = -__builtin_inff();
  for (int32_t box = 0; box < p.boxes; ++box)
    if (box == taken || overlap_of_boxes(memory.corners[taken], memory.corners[box]) > p.overlap_threshold)
      memory.scores[box] = gone;
}

// Puts a detection behind those of its score or higher; the last one drops out where there are too many. The number of
// detections after it.
WHIT_INLINE int32_t insert_detection(const DetectionParameters &p, int32_t count, int32_t box, float label, float score,
                                     int32_t *chosen, float *labels, float *scores) {
  int32_t place = count;
  while (place > 0 && scores[place - 1] < score) --place;
  if (place >= p.detections) return count;
  const int32_t after = count < p.detections ? count + 1 : count;
  for (int32_t i = after - 1; i > place; --i) {
    chosen[i] = chosen[i - 1];
    labels[i] = labels[i - 1];
    scores[i] = scores[i - 1];
  }
  chosen[place] = box;
  labels[place] = label;
  scores[place] = score;
  return after;
}

WHIT_INLINE void write_boxes(const DetectionParameters &p, const DetectionMemory &memory, int32_t count, float *boxes,
                             float *labels, float *scores) {
  const BoxCorners nothing = {0.0F, 0.0F, 0.0F, 0.0F};
  for (int32_t i = 0; i < p.detections; ++i) {
    const BoxCorners corners = i < count ? memory.corners[memory.chosen[i]] : nothing;
    const float numbers[] = {corners.y_low, corners.x_low, corners.y_high, corners.x_high};
    memcpy(boxes + 4 * i, numbers, sizeof numbers);
    if (i >= count) labels[i] = scores[i] = 0.0F;
  }
}

WHIT_INLINE DetectionMemory detection_memory(const DetectionParameters &p, int32_t *scratch, const float *boxes,
                                             const float *anchors) {
  DetectionMemory memory;
  memory.corners = reinterpret_cast<BoxCorners *>(scratch);
  memory.scores = reinterpret_cast<float *>(scratch) + 4 * p.boxes;
  memory.chosen = scratch + 5 * p.boxes;
  for (int32_t box = 0; box < p.boxes; ++box)
    memory.corners[box] = corners_of(p, boxes + static_cast<ptrdiff_t>(box) * p.box_numbers, anchors + 4 * box);
  return memory;
}

// Each class by itself, then the best of all.
WHIT_KERNEL void detection_by_class(const DetectionParameters *parameters, const float *anchors, const float *boxes,
                                    const float *predictions, float *corners, float *labels, float *scores,
                                    float *count_output, int32_t *scratch) {
  WHIT_LOAD_PARAMETERS(DetectionParameters, p, parameters);
  const DetectionMemory memory = detection_memory(p, scratch, boxes, anchors);
  int32_t count = 0;
  for (int32_t label = 0; label < p.classes; ++label) {
    for (int32_t box = 0; box < p.boxes; ++box)
      memory.scores[box] = predictions[static_cast<ptrdiff_t>(box) * p.columns + label + p.background];
    for (int32_t left = p.per_class; left > 0; --left) {
      const int32_t best = best_box(p, memory.scores);
      if (best < 0) break;
      count = insert_detection(p, count, best, static_cast<float>(label), memory.scores[best], memory.chosen, labels, scores);
      suppress(p, memory, best);
    }
  }
  write_boxes(p, memory, count, corners, labels, scores);
  *count_output = static_cast<float>(count);
}

// The class with the highest score, the first of equal ones.
WHIT_INLINE int32_t best_label(const DetectionParameters &p, const float *predictions) {
  int32_t best = 0;
  for (int32_t label = 1; label < p.classes; ++label)
    if (predictions[label] > predictions[best]) best = label;
  return best;
}

// Each box for its best class only.
WHIT_KERNEL void detection_by_box(const DetectionParameters *parameters, const float *anchors, const float *boxes,
                                  const float *predictions, float *corners, float *labels, float *scores,
                                  float *count_output, int32_t *scratch) {
  WHIT_LOAD_PARAMETERS(DetectionParameters, p, parameters);
  const DetectionMemory memory = detection_memory(p, scratch, boxes, anchors);
  for (int32_t box = 0; box < p.boxes; ++box) {
    const float *row = predictions + static_cast<ptrdiff_t>(box) * p.columns + p.background;
    memory.scores[box] = row[best_label(p, row)];
  }
  int32_t count = 0;
  while (count < p.detections) {
    const int32_t best = best_box(p, memory.scores);
    if (best < 0) break;
    memory.chosen[count] = best;
    labels[count] = static_cast<float>(best_label(p, predictions + static_cast<ptrdiff_t>(best) * p.columns + p.background));
    scores[count++] = memory.scores[best];
    suppress(p, memory, best);
  }
  write_boxes(p, memory, count, corners, labels, scores);
  *count_output = static_cast<float>(count);
}

}  // namespace whit

#endif
