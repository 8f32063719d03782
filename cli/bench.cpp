// SPDX-License-Identifier: Apache-2.0
// whit bench: models on boards, measured on their emulators. Cells are independent, so they run on all cores.
#include <algorithm>
#include <atomic>
#include <exception>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

#include "bench/firmware.hpp"
#include "bench/report.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "compiler/base/table.hpp"
#include "compiler/importers/import.hpp"
#include "data/samples_file.hpp"

namespace whit {

namespace {

constexpr size_t default_samples = 10;

struct Cell {
  const ImportedModel *model = nullptr;
  const std::vector<Bytes> *host_outputs = nullptr;
  MeasureOptions options{};
};

// Measures all cells, each into its own place, on as many threads as there are cores.
std::vector<Measurement> measure_all(const std::vector<Cell> &cells) {
  std::vector<Measurement> results(cells.size());
  Progress progress(cells.size());
  std::atomic<size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    for (size_t index = next++; index < cells.size(); index = next++) try {
        const Cell &cell = cells[index];
        {
          const std::lock_guard lock(mutex);
          progress.step(fmt::format("{} on {}", cell.model->path.stem().string(), cell.options.compile.target.name));
        }
        results[index] = measure(*cell.model, cell.options, *cell.host_outputs);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        next = cells.size();  // the cells under way are the last
      }
  };
  std::vector<std::thread> threads;
  for (unsigned count = std::max(1U, std::thread::hardware_concurrency()); count > 0; --count) threads.emplace_back(work);
  for (std::thread &thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
  return results;
}

struct BenchCommand {
  std::vector<std::string> models{};
  std::vector<std::string> targets{};
  std::vector<std::string> inputs{};
  std::string labels{};
  std::string html{};
  std::string save{};
  bool json = false;
  CompileArguments arguments{};
  FirmwareOptions firmware{};  // --elf or --raw instead of models
  std::string period{};
  std::string battery{};
  std::string elf{};
  std::string raw{};
  const CLI::Option *optimize = nullptr;
  std::vector<const CLI::Option *> firmware_options{};

  DutyOptions duty() const {
    DutyOptions options;
    if (!period.empty()) options.period_seconds = parse_period(period);
    if (!battery.empty()) options.battery = parse_battery(battery);
    return options;
  }

  bool all_targets() const { return std::find(targets.begin(), targets.end(), "all") != targets.end(); }

  // `--target T model.tflite`: --target takes as many words as follow, but models are meant as models.
  void take_models_from_targets() {
    const auto first = std::stable_partition(targets.begin(), targets.end(), [](const std::string &word) {
      return word == "all" || is_target_name(word) || !is_model_file(word);
    });
    models.insert(models.end(), first, targets.end());
    targets.erase(first, targets.end());
    for (size_t index = 0; index < models.size(); ++index)  // each once
      models.erase(std::remove(models.begin() + static_cast<std::ptrdiff_t>(index) + 1, models.end(), models[index]), models.end());
    if (targets.empty()) throw UserError({"--target", "no board is given, only models", "a name of `whit targets`, a board file, or all", ""}, ExitCode::usage);
  }

  // Each target once. UserError for one that is none, beside `all` too.
  std::vector<Target> chosen_targets() const {
    std::vector<std::string> names;
    for (const std::string &word : targets) {
      const std::vector<std::string> meant = word == "all" ? target_names() : std::vector<std::string>{word};
      for (const std::string &name : meant)
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    std::vector<Target> chosen;
    for (const std::string &name : names) chosen.push_back(load_target(name));
    return chosen;
  }

  Samples samples_for(const Graph &graph) const {
    return inputs.empty() ? pseudo_random_samples(graph, default_samples) : read_inputs(graph, inputs);
  }

  std::vector<int64_t> labels_for(const Graph &graph, const Samples &samples) const {
    if (labels.empty()) return {};
    std::vector<int64_t> values = read_labels(labels);
    if (values.size() != samples.count)
      throw UserError({labels, fmt::format("{} for {}", count_of(values.size(), "label"), count_of(samples.count, "sample")), "one label a sample", ""});
    const int64_t classes = class_count(graph.tensor(graph.outputs.at(0)));
    for (size_t sample = 0; sample < values.size(); ++sample)
      if (values[sample] < 0 || values[sample] >= classes)
        throw UserError({labels, fmt::format("label {} of sample {}", values[sample], sample),
                         fmt::format("0 to {}, the classes that the output can name", classes - 1), ""});
    return values;
  }

  std::vector<Cell> cells(const std::vector<ImportedModel> &imported, std::vector<std::vector<Bytes>> &host_outputs) const {
    const std::vector<Target> chosen = chosen_targets();
    std::vector<Cell> result;
    for (size_t index = 0; index < imported.size(); ++index) {
      const Samples samples = samples_for(imported[index].graph);
      const std::vector<int64_t> right_classes = labels_for(imported[index].graph, samples);
      host_outputs[index] = evaluate_samples(imported[index].graph, samples);
      for (const Target &target : chosen) {
        result.push_back({&imported[index], &host_outputs[index],
                          {.compile = {.target = target, .emphasis = emphasis_of(arguments)}, .samples = samples, .labels = right_classes, .duty = duty(), .list_missing_tools = all_targets()}});
      }
    }
    return result;
  }

  ExitCode verdict(const std::vector<Measurement> &results) const {
    for (const Measurement &result : results)
      if (result.bit_exact == false) return ExitCode::check_failed;
    for (const Measurement &result : results)
      if (result.misfit && !all_targets()) return ExitCode::does_not_fit;
    return ExitCode::done;
  }

  // An option that would say nothing of what is measured.
  void refuse_option(const char *option, const char *goes_with) const {
    throw UserError({option, "it says nothing of what is measured here", fmt::format("{} together with {}", option, goes_with), ""},
                    ExitCode::usage);
  }

  void check_options_of_models() const {
    if (!inputs.empty()) refuse_option("--input", "models");
    if (!labels.empty()) refuse_option("--labels", "models");
    if (optimize->count() > 0) refuse_option("--optimize", "models");
    if (raw.empty() && !firmware.base.empty()) refuse_option("--base", "--raw");
  }

  void check_options_of_firmware() const {
    for (const CLI::Option *option : firmware_options)
      if (option->count() > 0) refuse_option(option->get_name().c_str(), "--elf or --raw");
  }

  // Reports know models by their names.
  void check_names() const {
    std::map<std::string, std::string> files;
    for (const std::string &model : models) {
      const auto [other, is_new] = files.emplace(std::filesystem::path(model).stem().string(), model);
      if (!is_new)
        throw UserError({model, fmt::format("the report would call it as it calls {}", other->second), "models of different names",
                         "rename one file, or measure them one after the other"}, ExitCode::usage);
    }
  }

  // Before minutes of measuring, not after them.
  void check_usage() const {
    const bool is_firmware = !elf.empty() || !raw.empty();
    if (is_firmware == !models.empty() || (!elf.empty() && !raw.empty()))
      throw UserError({"bench", "what to measure is not clear", "models, or one --elf FILE, or one --raw FILE", ""}, ExitCode::usage);
    if (is_firmware && firmware.from.empty())
      throw UserError({"--from", "it is not said where measuring begins", "a symbol or an address", ""}, ExitCode::usage);
    if (!raw.empty() && firmware.base.empty())
      throw UserError({"--base", "it is not said where the raw image lies", "an address such as 0x08000000", ""}, ExitCode::usage);
    if (models.size() > 1 && !(inputs.empty() && labels.empty()))
      throw UserError({"--input", "several models with one set of samples", "one model with --input and --labels", ""}, ExitCode::usage);
    if (is_firmware && all_targets())
      throw UserError({"--target", "a firmware is linked for one board, not for all", "the name of that board, or its board file", ""}, ExitCode::usage);
    is_firmware ? check_options_of_models() : check_options_of_firmware();
    check_names();
    if (inputs.empty() && !labels.empty())
      throw UserError({"--labels", "labels without samples", "--labels together with --input", ""}, ExitCode::usage);
  }

  std::vector<Measurement> measure_firmwares() const {
    std::vector<Measurement> results;
    for (const Target &target : chosen_targets()) {
      FirmwareOptions each = firmware;
      each.file = elf.empty() ? raw : elf;
      each.target = target;
      each.duty = duty();
      results.push_back(measure_firmware(each));
    }
    return results;
  }

  std::vector<Measurement> measure_models() const {
    std::vector<ImportedModel> imported;
    for (const std::string &model : models) imported.push_back(import_file(model));
    std::vector<std::vector<Bytes>> host_outputs(imported.size());
    return measure_all(cells(imported, host_outputs));
  }

  ExitCode run() {
    take_models_from_targets();
    check_usage();
    duty();           // complains before the work begins
    chosen_targets();  // likewise
    for (const std::string &file : {save, html})
      if (!file.empty()) check_output_file(file);
    const std::vector<Measurement> results = models.empty() ? measure_firmwares() : measure_models();
    std::cout << (json ? report_json(results) : report_table(results)) << std::flush;  // kept even if no file can be written
    if (!save.empty()) write_file(save, report_json(results));
    if (!html.empty()) write_file(html, report_html(results));
    if (!html.empty() && !json) std::cout << "report: " << html << "\n";
    return verdict(results);
  }
};

}  // namespace

void add_bench_command(CLI::App &app, Action &action) {
  auto state = std::make_shared<BenchCommand>();
  CLI::App *command = app.add_subcommand("bench", "Measure models on boards by their emulators: cycles, time, energy, flash, RAM, accuracy");
  command->add_option("models", state->models, model_help());
  command->add_option("--target,-t", state->targets, "Boards by name (`whit targets`), board files, or `all`")->required();
  command->add_option("--input,-i", state->inputs, input_help)->allow_extra_args(false);
  command->add_option("--labels", state->labels, "The right classes: one integer a line, or .npy; gives the accuracy");
  command->add_flag("--json", state->json, "Print JSON instead of the table");
  command->add_option("--html", state->html, "Also write a report page");
  command->add_option("--save", state->save, "Also write the JSON to this file, for `whit compare`");
  command->add_option("--period", state->period, "One run each 250ms, 1s, 10min...: gives average current");
  command->add_option("--battery", state->battery, "A cell such as 220mAh@3V: gives its life (without --period: running on and on)");
  add_optimize_option(*command, state->arguments);
  state->optimize = command->get_option("--optimize");
  const auto firmware_option = [&](const char *name, std::string &value, const char *help) {
    state->firmware_options.push_back(command->add_option(name, value, help)->group("Any firmware instead of models"));
  };
  firmware_option("--elf", state->elf, "A firmware of any engine, as an ELF file");
  firmware_option("--raw", state->raw, "A firmware as a raw image, with --base");
  firmware_option("--base", state->firmware.base, "Address of the raw image's first byte");
  firmware_option("--from", state->firmware.from, "Measuring begins on the first arrival here: a symbol, symbol+4, an address");
  firmware_option("--to", state->firmware.to, "Measuring ends on arrival here (default: where --from returns to)");
  firmware_option("--vectors", state->firmware.vectors, "Cortex-M's vector table (default: where the flash, else the firmware in it, begins)");
  state->firmware_options.push_back(
      command->add_flag("--peripherals", state->firmware.peripherals, "Cortex-M: registers of peripherals keep what is written; one that is waited for changes")
          ->group("Any firmware instead of models"));
  firmware_option("--name", state->firmware.name, "What the report calls the firmware (default: the file's stem)");
  command->footer(
      "Without --input, ten samples of xorshift32 bytes are run; the counts are those of the first sample.\n"
      "With `--target all`, pairs that do not fit, or whose compiler or simulator is not installed, are listed with the reason.\n\nExamples:\n"
      "  whit bench kws.tflite --target all\n"
      "  whit bench a.tflite b.tflite --target nucleo-l4r5zi nucleo-g0b1re --json > costs.json\n"
      "  whit bench digits.tflite --target arduino-uno --input samples.npy --labels labels.txt --html report.html\n"
      "  whit bench kws.tflite --target nucleo-l4r5zi --period 1s --battery 220mAh@3V\n"
      "  whit bench --elf firmware.elf --target nucleo-g0b1re --from engine_run");
  command->callback([state, &action] { action = [state] { return state->run(); }; });
}

}  // namespace whit
