"""The ledger (台账): what is true, in PostGIS; one transaction per order, numbered changes out of it."""
