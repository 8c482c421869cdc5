package cthelper.networking;

import cthelper.lab.PythonService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Neutron itself, as Debian packages it, with a database of its own in a folder and nobody to ask
 * who calls: everybody is administrator.
 */
final class NeutronServer implements AutoCloseable {

  private final PythonService service;

  private NeutronServer(PythonService service) {
    this.service = service;
  }

  /** Makes one and waits until it answers. */
  static NeutronServer start(Path folder) {
    try {
      Files.writeString(
          folder.resolve("neutron.conf"),
          """
          [DEFAULT]
          auth_strategy = noauth
          core_plugin = ml2
          service_plugins = router
          transport_url = fake://
          api_paste_config = %1$s/api-paste.ini
          state_path = %1$s
          [database]
          connection = sqlite:///%1$s/neutron.db
          [oslo_concurrency]
          lock_path = %1$s/lock
          [ml2]
          mechanism_drivers =
          type_drivers = local
          tenant_network_types = local
          """
              .formatted(folder));
      Files.writeString(
          folder.resolve("api-paste.ini"),
          """
          [composite:neutron]
          use = egg:Paste#urlmap
          /v2.0: api
          [composite:api]
          use = call:neutron.auth:pipeline_factory
          noauth = request_id catch_errors extensions neutronapiapp
          keystone = request_id catch_errors extensions neutronapiapp
          [filter:request_id]
          paste.filter_factory = oslo_middleware:RequestId.factory
          [filter:catch_errors]
          paste.filter_factory = oslo_middleware:CatchErrors.factory
          [filter:extensions]
          paste.filter_factory = neutron.api.extensions:plugin_aware_extension_middleware_factory
          [app:neutronapiapp]
          paste.app_factory = neutron.api.v2.router:APIRouter.factory
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> where =
        Map.of(
            "OS_NEUTRON_CONFIG_DIR", folder.toString(), "OS_NEUTRON_CONFIG_FILES", "neutron.conf");
    return new NeutronServer(
        PythonService.start("serve_neutron.py", PythonService.freePort(), folder, where));
  }

  /** Its root, without a version. */
  String url() {
    return service.url();
  }

  @Override
  public void close() {
    service.close();
  }
}
