//! Vector kernels behind safe functions, and the sink they write to.
