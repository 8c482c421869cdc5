import client.ApiClient;
import client.ApiException;
import client.ApiResponse;
import client.api.AgentsApi;
import client.api.ConntrackHelperTypesApi;
import client.api.ConntrackHelpersApi;
import client.api.ExtensionsApi;
import client.api.PlacementsApi;
import client.api.RoutersApi;
import client.api.VersionsApi;
import client.model.Agent;
import client.model.ConntrackHelper;
import client.model.ConntrackHelperAttributes;
import client.model.ConntrackHelperCreate;
import client.model.ConntrackHelperCreateOne;
import client.model.ConntrackHelperCreateSeveral;
import client.model.ConntrackHelperType;
import client.model.ConntrackHelperUpdate;
import client.model.Extension;
import client.model.NeutronError;
import client.model.NeutronErrorNeutronError;
import client.model.NewConntrackHelper;
import client.model.NewConntrackHelper.HelperEnum;
import client.model.NewConntrackHelper.ProtocolEnum;
import client.model.NewRouter;
import client.model.PlacedConntrackHelper;
import client.model.Placement;
import client.model.Router;
import client.model.RouterAttributes;
import client.model.RouterCreate;
import client.model.RouterCreateOne;
import client.model.RouterUpdate;
import java.util.List;
import java.util.UUID;

/**
 * The life of a router and its conntrack helpers through a generated client, which knows nothing but
 * openapi/openapi.yaml. Ends with 1 where anything differs.
 *
 * <p>Arguments: the address of the service, and a router with one namespace and the helper ftp.
 */
class LifeCycle {

  private final ApiClient client;
  private final RoutersApi routers;
  private final ConntrackHelpersApi helpers;

  private LifeCycle(ApiClient client) {
    this.client = client;
    this.routers = new RoutersApi(client);
    this.helpers = new ConntrackHelpersApi(client);
  }

  public static void main(String[] arguments) throws Exception {
    ApiClient client = new ApiClient();
    client.updateBaseUri(arguments[0]);
    LifeCycle life = new LifeCycle(client);
    Router router = life.makeRouter();
    life.ofHelpers(router.getId());
    life.whatIsHere(router.getId(), UUID.fromString(arguments[1]));
    life.routers.deleteRouter(router.getId(), null);
    refused(404, () -> life.routers.showRouter(router.getId(), null));
    System.out.println("all as expected");
  }

  private Router makeRouter() throws ApiException {
    NewRouter wanted = new NewRouter().name("generated").description("by a client");
    Router made = routers.createRouter(new RouterCreate(new RouterCreateOne().router(wanted))).getRouter();
    same("generated", made.getName());
    same(true, made.getAdminStateUp());
    same(Router.StatusEnum.ACTIVE, made.getStatus());
    same(null, made.getExternalGatewayInfo());
    same(null, made.getFlavorId());
    same(List.of(), made.getTags());

    // What an update does not name stays, so a client must not send defaults of its own.
    RouterAttributes other = new RouterAttributes().name("renamed");
    Router renamed = routers.updateRouter(made.getId(), new RouterUpdate().router(other), null).getRouter();
    same("renamed", renamed.getName());
    same("by a client", renamed.getDescription());
    return renamed;
  }

  private void ofHelpers(UUID router) throws Exception {
    NewConntrackHelper wanted = helper(HelperEnum.FTP, ProtocolEnum.TCP, 21);
    ConntrackHelper ftp =
        helpers.createConntrackHelper(router, one(wanted)).getConntrackHelper();
    same(ConntrackHelper.HelperEnum.FTP, ftp.getHelper());
    same(ConntrackHelper.StatusEnum.DOWN, ftp.getStatus());
    same(1L, ftp.getRevisionNumber());

    List<ConntrackHelper> two =
        helpers
            .createConntrackHelper(
                router,
                new ConntrackHelperCreate(
                    new ConntrackHelperCreateSeveral()
                        .addConntrackHelpersItem(helper(HelperEnum.TFTP, ProtocolEnum.UDP, 69))
                        .addConntrackHelpersItem(helper(HelperEnum.SIP, ProtocolEnum.UDP, 5060))))
            .getConntrackHelpers();
    same(List.of(69, 5060), two.stream().map(ConntrackHelper::getPort).toList());

    same(3, list(router, null).size());
    same(List.of(ftp.getId()), list(router, List.of(21)).stream().map(ConntrackHelper::getId).toList());
    same(3, routers.showRouter(router, null).getRouter().getConntrackHelpers().size());

    NeutronErrorNeutronError error =
        refused(400, () -> helpers.createConntrackHelper(router, one(wanted)));
    same(NeutronErrorNeutronError.TypeEnum.BAD_REQUEST, error.getType());
    same(true, error.getMessage().contains("duplicate"));

    ConntrackHelperAttributes port = new ConntrackHelperAttributes().port(2121);
    ConntrackHelper moved =
        helpers
            .updateConntrackHelper(router, ftp.getId(), new ConntrackHelperUpdate().conntrackHelper(port), null)
            .getConntrackHelper();
    same(2121, moved.getPort());
    same(ConntrackHelper.ProtocolEnum.TCP, moved.getProtocol());
    same(false, moved.getUpdatedAt().isBefore(ftp.getUpdatedAt()));

    NeutronErrorNeutronError stale =
        refused(412, () -> helpers.deleteConntrackHelper(router, ftp.getId(), "\"999\""));
    same(NeutronErrorNeutronError.TypeEnum.REVISION_NUMBER_CONSTRAINT_FAILED, stale.getType());

    ApiResponse<?> shown = helpers.showConntrackHelperWithHttpInfo(router, ftp.getId(), null);
    helpers.deleteConntrackHelper(router, ftp.getId(), shown.getHeaders().get("etag").getFirst());
    refused(404, () -> helpers.showConntrackHelper(router, ftp.getId(), null));
    same(2, list(router, null).size());
  }

  private void whatIsHere(UUID router, UUID placed) throws ApiException {
    PlacementsApi placements = new PlacementsApi(client);
    same(List.of(), placements.listPlacements(router).getPlacements());
    Placement placement = placements.listPlacements(placed).getPlacements().getFirst();
    same("qrouter-" + placed, placement.getNamespace());
    same(null, placement.getError());
    PlacedConntrackHelper ftp = placement.getConntrackHelpers().getFirst();
    same(PlacedConntrackHelper.VerdictEnum.PROVEN, ftp.getVerdict());
    same(2, ftp.getFamilies().size());

    AgentsApi agents = new AgentsApi(client);
    Agent agent =
        agents
            .listAgents(
                null, null, null, null, List.of(placement.getHost()), List.of(true), null, null, null,
                null, null, null, null, null)
            .getAgents()
            .getFirst();
    same(placement.getAgentId(), agent.getId());
    same(agent.getConfigurations(), agents.showAgent(agent.getId(), null).getAgent().getConfigurations());
    same(null, agent.getResourcesSynced());

    List<ConntrackHelperType> types =
        new ConntrackHelperTypesApi(client).listConntrackHelperTypes().getConntrackHelperTypes();
    same(true, types.stream().anyMatch(type -> type.getHelper().equals("ftp") && type.getAllowed()));

    ExtensionsApi extensions = new ExtensionsApi(client);
    Extension extension = extensions.showExtension("l3-conntrack-helper").getExtension();
    same(true, extensions.listExtensions().getExtensions().contains(extension));
    same("v2.0", new VersionsApi(client).listVersions().getVersions().getFirst().getId());
    same(List.of(), routers.listPorts().getPorts());
  }

  private List<ConntrackHelper> list(UUID router, List<Integer> ports) throws ApiException {
    return helpers
        .listConntrackHelpers(
            router, null, null, ports, null, null, null, null, null, null, null, null, null)
        .getConntrackHelpers();
  }

  private static NewConntrackHelper helper(HelperEnum name, ProtocolEnum protocol, int port) {
    return new NewConntrackHelper().helper(name).protocol(protocol).port(port);
  }

  private static ConntrackHelperCreate one(NewConntrackHelper helper) {
    return new ConntrackHelperCreate(new ConntrackHelperCreateOne().conntrackHelper(helper));
  }

  private interface Call {
    void run() throws ApiException;
  }

  /** The error of a call that must end with this status. */
  private static NeutronErrorNeutronError refused(int status, Call call) throws Exception {
    try {
      call.run();
    } catch (ApiException refusal) {
      same(status, refusal.getCode());
      return ApiClient.createDefaultObjectMapper()
          .readValue(refusal.getResponseBody(), NeutronError.class)
          .getNeutronError();
    }
    throw new AssertionError("expected " + status + ", and it was taken");
  }

  private static void same(Object expected, Object actual) {
    if (expected == null ? actual != null : !expected.equals(actual)) {
      throw new AssertionError("expected " + expected + ", got " + actual);
    }
  }
}
