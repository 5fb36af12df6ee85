// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected positive numbers, found cores = 0, mhz = 3000, bandwidth = 40000}}
func.func private @machine_c1_rejects_no_cores() attributes {t.machine = #lut.machine<cores = 0, mhz = 3000, bandwidth = 40000>}

// -----

// expected-error @+1 {{expected positive numbers, found cores = 2, mhz = 0, bandwidth = 40000}}
func.func private @machine_c1_rejects_a_clock_at_rest() attributes {t.machine = #lut.machine<cores = 2, mhz = 0, bandwidth = 40000>}

// -----

// expected-error @+1 {{expected positive numbers, found cores = 2, mhz = 3000, bandwidth = -1}}
func.func private @machine_c1_rejects_no_memory() attributes {t.machine = #lut.machine<cores = 2, mhz = 3000, bandwidth = -1>}
