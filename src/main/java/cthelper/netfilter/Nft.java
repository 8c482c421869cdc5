package cthelper.netfilter;

/**
 * The numbers of nftables over netlink that this package needs. Source: {@code
 * linux/netfilter/nf_tables.h} and {@code nfnetlink.h}.
 */
final class Nft {

  static final int SUBSYSTEM = 10;
  static final int ANY_FAMILY = 0;
  static final int INET = 1;
  static final int IPV4 = 2;
  static final int IPV6 = 10;

  // Messages: the low byte of the type.
  static final int NEW_TABLE = 0x00;
  static final int GET_TABLE = 0x01;
  static final int DELETE_TABLE = 0x02;
  static final int NEW_CHAIN = 0x03;
  static final int GET_CHAIN = 0x04;
  static final int DELETE_CHAIN = 0x05;
  static final int NEW_RULE = 0x06;
  static final int GET_RULE = 0x07;
  static final int DELETE_RULE = 0x08;
  static final int NEW_SET = 0x09;
  static final int GET_SET = 0x0a;
  static final int DELETE_SET = 0x0b;
  static final int NEW_ELEMENTS = 0x0c;
  static final int GET_ELEMENTS = 0x0d;
  static final int DELETE_ELEMENTS = 0x0e;
  static final int NEW_GENERATION = 0x0f;
  static final int GET_GENERATION = 0x10;
  static final int NEW_OBJECT = 0x12;
  static final int GET_OBJECT = 0x13;
  static final int DELETE_OBJECT = 0x14;
  static final int NEW_FLOWTABLE = 0x16;
  static final int DELETE_FLOWTABLE = 0x18;
  static final int BATCH_BEGIN = 0x10;
  static final int BATCH_END = 0x11;

  static final int BATCH_GENERATION = 1;
  static final int GENERATION_ID = 1;
  static final int GENERATION_THREAD = 2;
  static final int GENERATION_THREAD_NAME = 3;

  /** NFNLGRP_NFTABLES: the multicast group of everything that is committed. */
  static final int EVENT_GROUP = 7;

  /** The first attribute of every message about something in a table, and of the table itself. */
  static final int ANY_TABLE = 1;

  static final int TABLE_NAME = 1;
  static final int TABLE_FLAGS = 2;
  static final int TABLE_USE = 3;
  static final int TABLE_USER_DATA = 6;
  static final int TABLE_OWNER_PORT = 7;
  static final int FLAG_TABLE_DORMANT = 1;
  static final int FLAG_TABLE_OWNER = 2;
  static final int FLAG_TABLE_PERSIST = 4;

  static final int CHAIN_TABLE = 1;
  static final int CHAIN_NAME = 3;
  static final int CHAIN_HOOK = 4;
  static final int CHAIN_POLICY = 5;
  static final int CHAIN_TYPE = 7;
  static final int HOOK_NUMBER = 1;
  static final int HOOK_PRIORITY = 2;
  static final int HOOK_PREROUTING = 0;
  static final int ACCEPT = 1;

  static final int RULE_TABLE = 1;
  static final int RULE_CHAIN = 2;
  static final int RULE_EXPRESSIONS = 4;

  static final int SET_TABLE = 1;
  static final int SET_NAME = 2;
  static final int SET_FLAGS = 3;
  static final int SET_KEY_TYPE = 4;
  static final int SET_KEY_LENGTH = 5;
  static final int SET_ID = 10;
  static final int SET_OBJECT_TYPE = 15;
  static final int FLAG_SET_OBJECTS = 0x40;

  static final int LIST_TABLE = 1;
  static final int LIST_SET = 2;
  static final int LIST_ELEMENTS = 3;
  static final int LIST_ELEMENT = 1;
  static final int ELEMENT_KEY = 1;
  static final int ELEMENT_USER_DATA = 6;
  static final int ELEMENT_OBJECT = 9;
  static final int DATA_VALUE = 1;

  static final int OBJECT_TABLE = 1;
  static final int OBJECT_NAME = 2;
  static final int OBJECT_TYPE = 3;
  static final int OBJECT_DATA = 4;
  static final int OBJECT_USE = 5;
  static final int FLOWTABLE_NAME = 2;
  static final int CT_HELPER = 3;
  static final int CT_HELPER_NAME = 1;
  static final int CT_HELPER_FAMILY = 2;
  static final int CT_HELPER_PROTOCOL = 3;

  private Nft() {}

  /** The type field of a message of this subsystem. */
  static int type(int message) {
    return SUBSYSTEM << Byte.SIZE | message;
  }
}
