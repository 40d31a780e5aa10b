//! Threads and thread states (`pystate.h`, `object.h`).

use crate::PyThreadState;
use core::{
    ffi::c_int,
    sync::atomic::{AtomicI32, Ordering::Relaxed},
};

/// The value of `PyThreadState.state` while the thread may touch Python (`pycore_pystate.h`).
pub const _Py_THREAD_ATTACHED: c_int = 1;

/// Whether the thread state is attached: its thread holds the GIL, or is counted as running in a
/// free-threaded build. One relaxed atomic read.
///
/// # Safety
/// `state` points to a thread state that has not been freed.
#[inline(always)]
pub unsafe fn PyThreadState_is_attached(state: *mut PyThreadState) -> bool {
    // SAFETY: the field is an aligned int of a live thread state, which CPython too accesses
    // atomically.
    unsafe { AtomicI32::from_ptr(&raw mut (*state).state).load(Relaxed) == _Py_THREAD_ATTACHED }
}

/// What CPython takes as the identity of the running thread: the value in its thread register.
#[cfg(Py_GIL_DISABLED)]
#[inline(always)]
#[must_use]
pub fn _Py_ThreadId() -> usize {
    let id: usize;
    // SAFETY: each one only reads the register that holds the thread pointer, or the word it
    // points to, which every platform named here keeps there for every thread. That word never
    // changes and is no memory of Rust's, so it need not be read again for the next count.
    unsafe {
        #[cfg(all(target_arch = "x86_64", target_vendor = "apple"))]
        core::arch::asm!("mov {}, qword ptr gs:[0]", out(reg) id, options(pure, nomem, nostack, preserves_flags));
        #[cfg(all(target_arch = "x86_64", not(target_vendor = "apple"), not(windows)))]
        core::arch::asm!("mov {}, qword ptr fs:[0]", out(reg) id, options(pure, nomem, nostack, preserves_flags));
        #[cfg(all(target_arch = "x86_64", windows))]
        core::arch::asm!("mov {}, qword ptr gs:[48]", out(reg) id, options(pure, nomem, nostack, preserves_flags));
        #[cfg(all(target_arch = "aarch64", target_vendor = "apple"))]
        core::arch::asm!("mrs {}, tpidrro_el0", out(reg) id, options(pure, nomem, nostack, preserves_flags));
        #[cfg(all(target_arch = "aarch64", not(target_vendor = "apple"), not(windows)))]
        core::arch::asm!("mrs {}, tpidr_el0", out(reg) id, options(pure, nomem, nostack, preserves_flags));
        #[cfg(target_arch = "riscv64")]
        core::arch::asm!("mv {}, tp", out(reg) id, options(pure, nomem, nostack, preserves_flags));
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
        {
            id = crate::_Py_GetThreadLocal_Addr();
        }
    }
    id
}

#[cfg(all(
    Py_GIL_DISABLED,
    any(target_arch = "powerpc64", target_arch = "s390x", all(target_arch = "aarch64", windows))
))]
compile_error!("cpython-sys does not know how free-threaded CPython reads the thread id here");
