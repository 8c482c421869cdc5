package cthelper.stream;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What both ends of the node stream show and trust: the TLS configuration {@code nodes} of Quarkus.
 * Without it the stream is in the clear, which the checks at the start confine to this machine.
 *
 * <p>Example: {@code quarkus.tls.nodes.key-store.pem.0.cert=tls.crt}, {@code
 * quarkus.tls.nodes.key-store.pem.0.key=tls.key}, {@code
 * quarkus.tls.nodes.trust-store.pem.certs=ca.crt}, {@code quarkus.tls.nodes.reload-period=1m}. New
 * certificates are for new connections; those that are open go on. Thread-safe.
 */
@ApplicationScoped
class StreamTls {

  private static final Logger LOG = Logger.getLogger(StreamTls.class);

  /** Who resumes one is not asked again whether he is trusted. */
  private static final Duration LONGEST_SESSION = Duration.ofMinutes(1);

  /** Of the TLS configuration. */
  static final String NAME = "nodes";

  /** A key with its certificate, and who is trusted. */
  record Credentials(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {}

  private final @Nullable Vertx vertx;
  private final @Nullable ReloadedKeys keys;
  private final @Nullable ReloadedTrust trust;

  @Inject
  StreamTls(TlsConfigurationRegistry registry, Vertx vertx) {
    this(vertx, registry.get(NAME).map(tls -> credentials(tls, vertx)));
  }

  StreamTls(Optional<Credentials> credentials) {
    this(null, credentials);
  }

  private StreamTls(@Nullable Vertx vertx, Optional<Credentials> credentials) {
    this.vertx = vertx;
    this.keys = credentials.map(it -> new ReloadedKeys(it.keys())).orElse(null);
    this.trust = credentials.map(it -> new ReloadedTrust(it.trust())).orElse(null);
  }

  /** Whether the stream is encrypted and both ends show who they are. */
  boolean isOn() {
    return keys != null;
  }

  /** For the end that listens: a certificate is demanded. */
  Optional<SslContext> forServer() {
    return build(
        keys == null
            ? null
            : SslContextBuilder.forServer(keys)
                .trustManager(trust)
                .clientAuth(ClientAuth.REQUIRE)
                .sessionTimeout(LONGEST_SESSION.toSeconds()));
  }

  /** For the end that dials: the other one's certificate must name the host that was dialled. */
  Optional<SslContext> forClient() {
    return build(
        keys == null ? null : SslContextBuilder.forClient().keyManager(keys).trustManager(trust));
  }

  private static Optional<SslContext> build(@Nullable SslContextBuilder builder) {
    if (builder == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(GrpcSslContexts.configure(builder).build());
    } catch (SSLException e) {
      throw new IllegalStateException("quarkus.tls." + NAME + ": cannot be used", e);
    }
  }

  void reloaded(@Observes CertificateUpdatedEvent event) {
    if (event.name().equals(NAME) && vertx != null) {
      use(credentials(event.tlsConfiguration(), vertx));
      LOG.info("certificates of the node stream were read again");
    }
  }

  /** For every connection from now on. */
  void use(Credentials credentials) {
    if (keys != null && trust != null) {
      keys.use(credentials.keys());
      trust.use(credentials.trust());
    }
  }

  private static Credentials credentials(TlsConfiguration tls, Vertx vertx) {
    if (tls.isTrustAll()) {
      throw refused("trust-all would let anybody speak for any node: name a trust-store");
    }
    if (tls.getKeyStoreOptions() == null || tls.getTrustStore() == null) {
      throw refused("both ends show who they are: a key-store and a trust-store are needed");
    }
    try {
      return new Credentials(
          (X509ExtendedKeyManager)
              tls.getKeyStoreOptions().getKeyManagerFactory(vertx).getKeyManagers()[0],
          trust(tls.getTrustStore()));
    } catch (Exception e) { // declared by Vert.x
      throw new IllegalStateException("quarkus.tls." + NAME + ": cannot be used: " + e, e);
    }
  }

  /** Not the registry's own, which cannot compare a certificate with the host that was dialled. */
  private static X509ExtendedTrustManager trust(KeyStore trusted) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }

  private static IllegalStateException refused(String why) {
    return new IllegalStateException("quarkus.tls." + NAME + ": " + why);
  }
}
