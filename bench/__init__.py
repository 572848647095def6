"""One file per benchmark, each with its peer or physical limit in the same run."""
