package cthelper.model;

/**
 * What a router's owner should know before assigning a helper: each reads what strangers send and
 * lets connections in because of it.
 *
 * @param high whether it believes more, or more complicated, input than a careful operator wants
 * @param why one sentence for a person
 */
public record HelperRisk(boolean high, String why) {

  /** The risk of a type of the catalogue. */
  public static HelperRisk of(HelperType type) {
    return switch (type.name()) {
      case "amanda" ->
          moderate("Opens the ports that a backup client names in its answer to the server.");
      case "ftp" ->
          moderate(
              "Opens the port that either side names; only towards the address that named it.");
      case "tftp" ->
          moderate("Opens the port a request came from to any port of the server, once.");
      case "sane" -> moderate("Opens the data port that a scanner's server names.");
      case "sip" ->
          moderate(
              "Opens the media ports that a call's description names, for as long as the call is"
                  + " announced; parses text of strangers.");
      case "h323" ->
          high("Decodes binary ASN.1 of strangers inside the kernel and opens what it names.");
      case "irc" -> high("Anybody who makes a client repeat a line can have a port opened to it.");
      case "pptp" -> high("Opens GRE between both sides; the protocol itself is broken.");
      case "snmp" ->
          high("Rewrites addresses inside of binary messages; needed for IPv4 NAT only.");
      case "netbios-ns" ->
          high("Lets every host of the network answer a broadcast, whoever it is.");
      default -> high("Not described yet.");
    };
  }

  private static HelperRisk moderate(String why) {
    return new HelperRisk(false, why);
  }

  private static HelperRisk high(String why) {
    return new HelperRisk(true, why);
  }
}
