package cthelper.stream;

import cthelper.lab.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** What a process shows and trusts, read from its key stores. */
final class TestTls {

  static final StreamTls NONE = new StreamTls(Optional.empty());

  private TestTls() {}

  static StreamTls of(Certificates certificates, String name) {
    return new StreamTls(Optional.of(credentials(certificates, name)));
  }

  static StreamTls.Credentials credentials(Certificates certificates, String name) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(read(certificates.store(name)), Certificates.PASSWORD.toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(read(certificates.store("trust")));
      return new StreamTls.Credentials(
          (X509ExtendedKeyManager) keys.getKeyManagers()[0],
          (X509ExtendedTrustManager) trust.getTrustManagers()[0]);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, Certificates.PASSWORD.toCharArray());
    }
    return store;
  }
}
