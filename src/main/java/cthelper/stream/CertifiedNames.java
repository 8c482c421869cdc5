package cthelper.stream;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The names for which the certificate at the other end stands: its DNS names, and its common name
 * if there are none (RFC 6125). Upper and lower case are the same.
 */
final class CertifiedNames {

  private static final int DNS_NAME = 2;
  private static final Context.Key<CertifiedNames> KEY = Context.key("certified-names");

  private final Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  private CertifiedNames(X509Certificate certificate) {
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.stream()
            .filter(name -> name.getFirst().equals(DNS_NAME))
            .forEach(name -> names.add(String.valueOf(name.get(1))));
      }
      if (names.isEmpty()) {
        new LdapName(certificate.getSubjectX500Principal().getName())
            .getRdns().stream()
                .filter(part -> part.getType().equalsIgnoreCase("CN"))
                .map(Rdn::getValue)
                .forEach(name -> names.add(String.valueOf(name)));
      }
    } catch (CertificateParsingException | InvalidNameException e) {
      names.clear(); // a certificate that names nobody
    }
  }

  boolean contains(String name) {
    return names.contains(name);
  }

  @Override
  public String toString() {
    return String.join(", ", names);
  }

  /** Of the call that is being served; empty where nobody shows a certificate. */
  static Optional<CertifiedNames> ofThisCall() {
    return Optional.ofNullable(KEY.get());
  }

  /** Makes {@link #ofThisCall} known. */
  static ServerInterceptor interceptor() {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        CertifiedNames names = of(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
        return names == null
            ? next.startCall(call, headers)
            : Contexts.interceptCall(Context.current().withValue(KEY, names), call, headers, next);
      }
    };
  }

  private static @Nullable CertifiedNames of(@Nullable SSLSession session) {
    try {
      if (session == null) {
        return null;
      }
      Certificate shown = session.getPeerCertificates()[0];
      return new CertifiedNames((X509Certificate) shown);
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException("a certificate is demanded of every node", e);
    }
  }
}
