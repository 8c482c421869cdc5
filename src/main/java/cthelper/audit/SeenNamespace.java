package cthelper.audit;

import cthelper.netfilter.ForeignAssignment;
import cthelper.netfilter.ForeignAssignments;
import cthelper.netfilter.ForeignReading;
import cthelper.netfilter.HelpedConnection;
import cthelper.netfilter.HelpedConnections;
import cthelper.netfilter.HelperTable;
import cthelper.netfilter.LegacyReading;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.TableReading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a namespace's kernel holds, read here and now.
 *
 * @param table our table, whatever installation it is of
 * @param others assignments of other programs
 * @param connections live ones that carry a helper
 * @param trouble why something could not be read; empty when all was
 */
record SeenNamespace(
    TableReading table,
    List<ForeignAssignment> others,
    List<HelpedConnection> connections,
    Optional<String> trouble) {

  /** Of no installation: to ask whose table it is. */
  private static final UUID NOBODY = new UUID(0, 0);

  /** Reads the namespace of this file, in which the socket is. */
  static SeenNamespace read(NamespaceDoor door, Path file, NamespaceSocket socket) {
    TableReading table = table(socket);
    Optional<String> trouble =
        switch (table) {
          case TableReading.Failed failed -> Optional.of(failed.detail());
          case TableReading.Contended _ -> Optional.of("the ruleset changes without pause");
          case TableReading.Foreign _, TableReading.Absent _, TableReading.Ours _ ->
              Optional.empty();
        };
    List<ForeignAssignment> others = new ArrayList<>();
    if (ForeignAssignments.read(socket) instanceof ForeignReading.Read read) {
      others.addAll(read.assignments());
    }
    if (door.readLegacy(file, socket.cookie()) instanceof LegacyReading.Read read) {
      others.addAll(read.assignments());
    }
    return switch (HelpedConnections.list(socket)) {
      case HelpedConnections.Listed listed ->
          new SeenNamespace(table, others, listed.connections(), trouble);
      case HelpedConnections.Failed failed ->
          new SeenNamespace(
              table, others, List.of(), trouble.or(() -> Optional.of(failed.detail())));
    };
  }

  private static TableReading table(NamespaceSocket socket) {
    TableReading reading = new HelperTable(NOBODY).read(socket);
    return reading instanceof TableReading.Foreign foreign && foreign.installation().isPresent()
        ? new HelperTable(foreign.installation().get()).read(socket)
        : reading;
  }
}
