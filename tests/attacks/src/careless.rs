//! The modules `careful` and `careless`: memory taken with and without care, to show that the second is found.
/// Takes memory that may not be there.
pub mod with_care {
    use cpython_api::{PyErr, PyResult, ThreadState, function, module};

    module! {
        /// Memory, taken with care.
        name: "careful",
        functions: [total],
    }

    #[function("total()")]
    fn total(ts: &ThreadState<'_>) -> PyResult<u64> {
        let mut items = Vec::new();
        items.try_reserve_exact(10).map_err(|_| PyErr::no_memory(ts))?;
        items.extend(0..10);
        Ok(items.iter().sum())
    }
}

/// Takes memory that must be there.
pub mod without {
    use cpython_api::{function, module};

    module! {
        /// Memory, taken without care.
        name: "careless",
        functions: [total],
    }

    #[function("total()")]
    fn total() -> u64 {
        let items: Vec<u64> = (0..10).collect();
        std::hint::black_box(items).iter().sum()
    }
}
