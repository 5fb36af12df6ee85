// RUN: %tritc-opt %s --lut-attach-target="target=aarch64_neon machine=pi_4" | FileCheck %s --check-prefix=ALL
// RUN: %tritc-opt %s --lut-attach-target="target=aarch64_neon machine=pi_4 cores=1" | FileCheck %s --check-prefix=ONE
// RUN: %tritc-opt %s --tritc-phase-tables="target=aarch64_neon machine=pi_4 cores=1" | FileCheck %s --check-prefix=ONE
// RUN: %tritc-opt %s --lut-attach-target=target=aarch64_neon | FileCheck %s --check-prefix=OWN

// ALL: machine = <cores = 4, mhz = 1800, bandwidth = {{[0-9]+}}>
// ONE: machine = <cores = 1, mhz = 1800, bandwidth = {{[0-9]+}}>
// Nobody said which: the target's own.
// OWN: machine = <cores = 4, mhz = 1800,
module @gets_the_numbers_of_the_machine {}
