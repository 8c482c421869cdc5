package cthelper.truth;

/** What others may do to our table, as text for nft. */
enum Tampering {
  DELETE_TABLE("delete table inet conntrack_helpers"),
  FLUSH_MAP("flush map inet conntrack_helpers assign"),
  ADD_ELEMENT(
      """
      add ct helper inet conntrack_helpers ftp-tcp { type "ftp" protocol tcp; }
      add element inet conntrack_helpers assign { tcp . 4444 : "ftp-tcp" }
      """),
  ADD_COMMENTED_ELEMENT(
      """
      add ct helper inet conntrack_helpers sip-udp { type "sip" protocol udp; }
      add element inet conntrack_helpers assign { udp . 4444 comment \
      "00000000-0000-4000-8000-000000000000" : "sip-udp" }
      """),
  ADD_CHAIN("add chain inet conntrack_helpers theirs"),
  ADD_RULE("add rule inet conntrack_helpers prerouting counter"),
  FLUSH_CHAIN("flush chain inet conntrack_helpers prerouting"),
  FLUSH_FENCE("flush set inet conntrack_helpers fence"),
  FORGE_FENCE(
      """
      flush set inet conntrack_helpers fence
      add element inet conntrack_helpers fence { 1 . 0 . 4000000 }
      """),
  ADD_OBJECT(
      """
      add ct helper inet conntrack_helpers stray { type "ftp" protocol tcp; }
      """),
  ADD_SET("add set inet conntrack_helpers theirs { type inet_service; }"),
  /** The chain, added and deleted, refuses it where there is no table: it would be made. */
  SLEEP(
      """
      add chain inet conntrack_helpers theirs
      delete chain inet conntrack_helpers theirs
      add table inet conntrack_helpers { flags dormant; }
      """),

  /** From now on the table is another installation's and must be left alone. */
  OCCUPY(
      """
      add table inet conntrack_helpers
      delete table inet conntrack_helpers
      table inet conntrack_helpers {
        comment "conntrack-helper installation 00000000-0000-4000-8000-000000000000"
        chain theirs { }
      }
      """);

  final String text;

  Tampering(String text) {
    this.text = text;
  }
}
