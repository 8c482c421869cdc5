package cthelper.truth;

import cthelper.lab.LabNamespace;
import cthelper.truth.Client.Shown;
import cthelper.truth.Model.Helper;
import cthelper.truth.Model.Namespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the model with what the API says and what nft and conntrack show. */
final class Checker {

  private final Model model;
  private final List<String> ids;
  private final ExpectedRuleset rulesets;

  /**
   * @param ids of the routers
   */
  Checker(Model model, List<String> ids, ExpectedRuleset rulesets) {
    this.model = model;
    this.ids = ids;
    this.rulesets = rulesets;
  }

  /** Everything that is not as it must be, one line each; nothing when all is. */
  List<String> differences(Client client) {
    List<String> found = new ArrayList<>();
    for (int router = 0; router < Place.ROUTERS; router++) {
      compareApi(client, router, found);
      for (Map.Entry<Place, Namespace> place : model.namespacesOf(router).entrySet()) {
        compareKernel(place.getKey(), place.getValue(), found);
      }
    }
    if (found.isEmpty()) {
      for (int router = 0; router < Place.ROUTERS; router++) {
        model.settled(router, client.knows(ids.get(router)));
      }
    }
    return found;
  }

  private void compareApi(Client client, int router, List<String> found) {
    boolean exists = client.knows(ids.get(router));
    model
        .mustExist(router)
        .filter(must -> must != exists)
        .ifPresent(must ->
            found.add(
                "r%d: expected the API to %s it".formatted(router, must ? "know" : "not know")));
    Map<String, Shown> shown = new HashMap<>();
    client.helpersOf(ids.get(router)).forEach(it -> shown.put(it.helper().id(), it));
    for (Helper helper : model.helpers(router)) {
      Shown seen = shown.remove(helper.id());
      if (seen == null || !seen.helper().equals(helper)) {
        found.add("r%d: expected helper %s, the API shows %s".formatted(router, helper, seen));
      } else if (!seen.status().equals(model.status(router, helper))) {
        found.add(
            "r%d: expected helper %s to be %s, the API shows %s (%s)"
                .formatted(
                    router, helper, model.status(router, helper), seen.status(), seen.reason()));
      }
    }
    shown
        .values()
        .forEach(more ->
            found.add("r%d: the API shows a helper never accepted: %s".formatted(router, more)));
  }

  private void compareKernel(Place place, Namespace namespace, List<String> found) {
    LabNamespace router = new LabNamespace(place.name(ids.get(place.router())));
    List<Helper> helpers = model.helpers(place.router());
    Ruleset seen = Ruleset.of(router).orElseThrow();
    ExpectedRuleset.differences(rulesets.of(namespace, helpers), seen)
        .forEach(difference -> found.add(place + ": " + difference));
    compareConnections(place, namespace, Wires.connections(router), found);
  }

  private void compareConnections(
      Place place, Namespace namespace, List<Wires.Seen> connections, List<String> found) {
    Map<Integer, Wires.Seen> byPort = new HashMap<>();
    connections.forEach(seen -> byPort.put(seen.sourcePort(), seen));
    Set<Helper> declared = new HashSet<>(model.helpers(place.router()));
    for (Connection connection : namespace.connections()) {
      Optional<String> carried =
          Optional.ofNullable(byPort.get(connection.sourcePort())).flatMap(Wires.Seen::helper);
      carried
          .filter(name -> connection.judged() && !namespace.occupied)
          .filter(name -> !mayCarry(declared, connection, name))
          .ifPresent(name ->
              found.add(
                  "%s: connection %s still carries %s, which is not assigned"
                      .formatted(place, connection, name)));
      connection
          .kept()
          .filter(declared::contains)
          .filter(kept -> !carried.equals(Optional.of(kept.type().kernelName)))
          .ifPresent(kept ->
              found.add(
                  "%s: expected connection %s to carry %s, seen %s"
                      .formatted(
                          place, connection, kept.type().kernelName, carried.orElse("nothing"))));
    }
  }

  private static boolean mayCarry(Set<Helper> declared, Connection connection, String name) {
    return declared.stream()
        .anyMatch(helper ->
            helper.isAt(connection.protocol(), connection.port())
                && helper.type().kernelName.equals(name));
  }
}
