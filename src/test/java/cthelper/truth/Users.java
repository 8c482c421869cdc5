package cthelper.truth;

import cthelper.service.CatalogueEntry;
import cthelper.truth.Client.Answer;
import cthelper.truth.Client.Shown;
import cthelper.truth.Model.Helper;
import cthelper.truth.Step.CreateHelper;
import cthelper.truth.Step.CreateNonsense;
import cthelper.truth.Step.DeleteHelper;
import cthelper.truth.Step.HelperStep;
import cthelper.truth.Step.UpdateHelper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Does what users do, and writes what was answered into the model.
 *
 * @param ids of the routers
 */
record Users(Model model, List<String> ids) {

  /**
   * Sends the request of a step about helpers.
   *
   * @param alone whether nothing else happens meanwhile, so that the answer is known before
   * @throws Untrue when it is answered otherwise
   */
  String run(Client client, HelperStep step, boolean alone) {
    return switch (step) {
      case CreateHelper create -> create(client, create, alone);
      case UpdateHelper update ->
          model
              .nth(update.router(), update.nth())
              .map(helper -> update(client, update, helper, alone))
              .orElse("nothing to update");
      case DeleteHelper delete ->
          model
              .nth(delete.router(), delete.nth())
              .map(helper -> delete(client, delete.router(), helper))
              .orElse("nothing to delete");
      case CreateNonsense nonsense -> nonsense(client, nonsense);
    };
  }

  String createRouter(Client client, int router) {
    Answer answer = client.createRouter(ids.get(router));
    expect(answer, model.existsNow(router).map(exists -> exists ? 409 : 201), Set.of(201, 409));
    model.routerIsThere(router);
    return answer.inShort();
  }

  String deleteRouter(Client client, int router) {
    Answer answer = client.deleteRouter(ids.get(router));
    expect(answer, model.existsNow(router).map(exists -> exists ? 204 : 404), Set.of(204, 404));
    if (answer.status() == 204) {
      model.routerDeleted(router);
    }
    return answer.inShort();
  }

  /**
   * A request was not answered: it was either done or not, and its user has to look.
   *
   * @param before the router's helpers when it was sent
   */
  String accept(Client client, int router, List<Helper> before) {
    List<Helper> after = client.helpersOf(ids.get(router)).stream().map(Shown::helper).toList();
    List<Helper> gone = before.stream().filter(helper -> !after.contains(helper)).toList();
    List<Helper> come = after.stream().filter(helper -> !before.contains(helper)).toList();
    if (gone.size() > 1 || come.size() > 1) {
      throw new Untrue(
          "one request was not answered, but gone are %s and new are %s".formatted(gone, come));
    }
    gone.forEach(helper -> model.hasNot(router, helper));
    come.forEach(helper -> model.has(router, helper));
    return "which has changed %s to %s".formatted(gone, come);
  }

  private String create(Client client, CreateHelper step, boolean alone) {
    CatalogueEntry type = step.type();
    int router = step.router();
    Optional<Integer> known =
        model
            .existsNow(router)
            .map(exists ->
                !exists
                    ? 404
                    : model.at(router, type.protocol, step.port()).isPresent() ? 400 : 201);
    Answer answer = client.createHelper(ids.get(router), attributes(type, step.port()));
    expect(answer, known.filter(any -> alone), Set.of(201, 400, 404));
    if (answer.status() == 201) {
      Helper helper = confirmed(answer, type, step.port());
      model.has(router, helper);
      return "201 " + helper;
    }
    return answer.inShort();
  }

  private String update(Client client, UpdateHelper step, Helper before, boolean alone) {
    CatalogueEntry type = step.type().orElse(before.type());
    int port = step.port().orElse(before.port());
    boolean isTaken =
        model
            .at(step.router(), type.protocol, port)
            .filter(other -> !other.id().equals(before.id()))
            .isPresent();
    Map<String, Object> attributes = new HashMap<>();
    step.type().ifPresent(it -> attributes.put("helper", it.helper));
    step.type().ifPresent(it -> attributes.put("protocol", it.protocol));
    step.port().ifPresent(it -> attributes.put("port", it));
    Answer answer = client.updateHelper(ids.get(step.router()), before.id(), attributes);
    expect(answer, Optional.of(isTaken ? 400 : 200).filter(any -> alone), Set.of(200, 400));
    if (answer.status() == 200) {
      Helper after = confirmed(answer, type, port);
      if (!after.id().equals(before.id()) || after.revision() <= before.revision()) {
        throw new Untrue("%s became %s of revision %d".formatted(before, after, after.revision()));
      }
      model.has(step.router(), after);
      return "200 " + after;
    }
    return answer.inShort();
  }

  private String delete(Client client, int router, Helper helper) {
    Answer answer = client.deleteHelper(ids.get(router), helper.id());
    expect(answer, Optional.of(204), Set.of());
    model.hasNot(router, helper);
    return "204 " + helper;
  }

  private String nonsense(Client client, CreateNonsense step) {
    Answer answer =
        client.createHelper(
            ids.get(step.router()),
            Map.of("helper", step.helper(), "protocol", step.protocol(), "port", step.port()));
    expect(answer, Optional.of(400), Set.of());
    return answer.inShort();
  }

  /** The service has said it has it: exactly as it was asked for. */
  private static Helper confirmed(Answer answer, CatalogueEntry type, int port) {
    Helper helper = Shown.of(answer.body().path("conntrack_helper")).helper();
    if (helper.type() != type || helper.port() != port) {
      throw new Untrue("asked for %s %d, but the answer is %s".formatted(type, port, helper));
    }
    return helper;
  }

  private static void expect(Answer answer, Optional<Integer> known, Set<Integer> possible) {
    boolean isRight =
        known.map(status -> status == answer.status()).orElse(possible.contains(answer.status()));
    if (!isRight) {
      throw new Untrue(
          "expected the answer %s, seen %s"
              .formatted(
                  known.map(Object::toString).orElse(possible.toString()), answer.inShort()));
    }
  }

  private static Map<String, Object> attributes(CatalogueEntry type, int port) {
    return Map.of("helper", type.helper, "protocol", type.protocol, "port", port);
  }
}
