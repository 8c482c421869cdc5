package cthelper.netfilter;

import cthelper.netfilter.ConnectionTable.Answer;
import java.util.List;

/** Which live connections of a namespace carry a helper, whoever assigned it. */
public sealed interface HelpedConnections {

  /** All of them, in no order. */
  record Listed(List<HelpedConnection> connections) implements HelpedConnections {
    public Listed {
      connections = List.copyOf(connections);
    }
  }

  /**
   * The kernel could not or would not tell.
   *
   * @param detail for a person: which step failed, and why
   */
  record Failed(Errno errno, String detail) implements HelpedConnections {}

  /**
   * Reads every connection of the namespace: with 10,000 of them the socket is busy for 40 ms.
   * Where there is none, nothing but their number is asked.
   */
  static HelpedConnections list(NamespaceSocket socket) {
    ConnectionTable table = new ConnectionTable(socket);
    Answer<List<ConntrackEntry>> helped =
        table
            .entries()
            .then(entries -> entries == 0 ? new Answer.Told<>(List.of()) : table.helped());
    return switch (helped) {
      case Answer.Told(List<ConntrackEntry> told) ->
          new Listed(told.stream().map(HelpedConnection::of).toList());
      case Answer.Failed(Errno errno, String detail) -> new Failed(errno, detail);
    };
  }
}
