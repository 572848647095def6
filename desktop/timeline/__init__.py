"""The timeline (时间轴): a past period from the ledger, played on the map while the live situation goes on underneath."""
