//! The work of Argument Clinic.
