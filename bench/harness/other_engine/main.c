// SPDX-License-Identifier: Apache-2.0
// The firmware around another engine. engine_setup() prepares it, which is not measured; engine_run() does one inference
// and is measured: `whit bench --elf firmware.elf --target T --from engine_run`.
void engine_setup(void);
void engine_run(void);

int main(void) {
  engine_setup();
  engine_run();
  for (;;) {
  }
}
