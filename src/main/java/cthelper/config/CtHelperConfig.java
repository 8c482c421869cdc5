package cthelper.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every setting of our own; each is also an environment variable ({@code cthelper.data-dir} is
 * {@code CTHELPER_DATA_DIR}). The standard Quarkus settings stand beside them.
 */
@ConfigMapping(prefix = "cthelper")
public interface CtHelperConfig {

  /** What this process does: {@code api}, {@code reconciler}, {@code executor}. */
  @WithDefault("api,reconciler,executor")
  Set<Role> roles();

  /**
   * Where the embedded database, the node's id and its tombstones live. Default: {@code
   * conntrack-helper} in {@code $XDG_DATA_HOME} or {@code ~/.local/share}.
   */
  Optional<Path> dataDir();

  /** The directory whose entries are network namespaces. */
  @WithDefault("/run/netns")
  Path netnsDir();

  /** The label of this node. Default: the host's name. */
  Optional<String> nodeName();

  /**
   * Whether {@code qrouter-<uuid>} namespaces become routers by themselves. Default: without auth.
   */
  Optional<Boolean> adopt();

  /** Pairs {@code helper:protocol} users may ask for. Default: the whole catalogue. */
  Optional<List<String>> allowedHelpers();

  /**
   * {@code standard}, or {@code hardened}: no helper of high risk is allowed to users, see {@link
   * cthelper.model.HelperRisk}.
   */
  @WithDefault("standard")
  Profile profile();

  /** How callers are known. */
  @WithDefault("none")
  Auth auth();

  Keystone keystone();

  /** Who says which routers there are, and whose they are. */
  @WithDefault("own")
  RouterSource routerSource();

  Networking networking();

  Limits limits();

  Executor executor();

  NodeStream nodeStream();

  /**
   * {@code none}: everyone is administrator, allowed on loopback only; {@code keystone}: callers
   * bring a token of the Identity service.
   */
  enum Auth {
    NONE,
    KEYSTONE
  }

  /**
   * {@code own}: whoever creates them here; {@code neutron}: for those that nobody has created
   * here, the Networking service that exists beside this one.
   */
  enum RouterSource {
    OWN,
    NEUTRON
  }

  /** See {@link #profile}. */
  enum Profile {
    STANDARD,
    HARDENED
  }

  /** How to ask the Identity service who a token belongs to. Only with {@code keystone}. */
  interface Keystone {

    /** Its address without {@code /v3}, for example {@code https://identity.example.org:5000}. */
    Optional<String> url();

    /** The service's own user, who must be allowed to validate tokens. */
    Optional<String> username();

    Optional<String> password();

    /** The name of that user's project, usually {@code service}. */
    Optional<String> project();

    /** The id of the user's domain. */
    @WithDefault("default")
    String userDomain();

    /** The id of the project's domain. */
    @WithDefault("default")
    String projectDomain();

    /** For how long at most an answer about a token is remembered. */
    @WithDefault("PT60S")
    Duration tokenCache();

    /** How long one question may take. */
    @WithDefault("PT5S")
    Duration timeout();
  }

  /**
   * How to ask the Networking service about a router, with the token of {@link Keystone}'s user.
   * Only with {@code cthelper.router-source=neutron}.
   */
  interface Networking {

    /** Its address without {@code /v2.0}, for example {@code https://network.example.org:9696}. */
    Optional<String> url();

    /** For how long at most a router that it has is not asked about again. */
    @WithDefault("PT60S")
    Duration routerCache();

    /** The same of one that it does not have, and of one that the caller may not see. */
    @WithDefault("PT5S")
    Duration unknownCache();

    /** How long one question may take. */
    @WithDefault("PT5S")
    Duration timeout();
  }

  /** What one user may take from the others. */
  interface Limits {

    /** How many conntrack helpers a router may have. */
    @WithDefault("256")
    int helpersPerRouter();

    /** How many routers a project may have; administrators create any number for it. */
    @WithDefault("1000")
    int routersPerProject();

    /** How many requests a second a project may make; administrators and no-auth: any number. */
    @WithDefault("100")
    int requestsPerSecond();
  }

  /** Where executors of other processes dial in; for the reconciler role. */
  interface NodeStream {

    /**
     * Also where the executor is part of this process; without the executor role it listens anyway.
     */
    @WithDefault("false")
    boolean enabled();

    /** The address to listen on. */
    @WithDefault("127.0.0.1")
    String host();

    @WithDefault("9697")
    int port();
  }

  /** Settings of the executor role. */
  interface Executor {

    /**
     * Reconcilers of other processes, as {@code host:port}, tried in turn. Without it, the one in
     * this process is spoken to directly.
     */
    Optional<List<String>> controlPlane();

    /**
     * Whether our tables get the kernel's {@code owner} and {@code persist} flags, which keep other
     * programs' hands off: {@code auto} (where the kernel has both), {@code true}, {@code false}.
     */
    @WithDefault("auto")
    TableOwner tableOwner();

    /** How often everything is looked at although nothing was heard: signals may be lost. */
    @WithDefault("PT60S")
    Duration safetyNet();

    /**
     * A namespace that was not here for so long is not restored from this node's memory when it
     * comes back: the control plane has to be asked.
     */
    @WithDefault("PT24H")
    Duration stateMaxAge();
  }

  /** See {@link Executor#tableOwner}. */
  enum TableOwner {
    AUTO,
    TRUE,
    FALSE
  }
}
