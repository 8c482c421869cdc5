package cthelper.api;

import static java.util.stream.Collectors.joining;

import cthelper.config.CtHelperConfig;
import cthelper.config.CtHelperConfig.Profile;
import cthelper.model.AllowedHelpers;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperRisk;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.Protocol;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The allow-list in the wire's words: from three attribute values to a spec, or to a 400. */
@ApplicationScoped
class AllowedSpecs {

  private final AllowedHelpers allowed;
  private final boolean isHardened;

  AllowedSpecs(AllowedHelpers allowed, CtHelperConfig config) {
    this.allowed = allowed;
    this.isHardened = config.profile() == Profile.HARDENED;
  }

  /** Of a helper that kernels have, but that is too dangerous for this service. */
  private String why(String helper) {
    return HelperCatalog.all().stream()
        .filter(type -> isHardened && type.name().equals(helper))
        .map(HelperRisk::of)
        .filter(HelperRisk::high)
        .findFirst()
        .map(risk -> " The hardened profile refuses it: " + risk.why())
        .orElse("");
  }

  /** Whether users may have this one. */
  boolean allows(HelperType type) {
    return allowed.find(type.name(), type.protocol()).isPresent();
  }

  /**
   * The spec of values that were read with the table of {@link ShownHelper}.
   *
   * @throws NeutronFault 400 ConntrackHelperNotAllowed or InvalidProtocolForHelper
   */
  HelperSpec of(String helper, String protocol, long port) {
    List<Protocol> supported = allowed.protocolsOf(helper);
    if (supported.isEmpty()) {
      throw new NeutronFault(
          400,
          "ConntrackHelperNotAllowed",
          "Conntrack Helper " + Echo.of(helper) + " is not allowed." + why(helper));
    }
    HelperType type =
        Protocol.ofWireName(protocol)
            .flatMap(known -> allowed.find(helper, known))
            .orElseThrow(() ->
                new NeutronFault(
                    400,
                    "InvalidProtocolForHelper",
                    "Conntrack Helper %s does not support: %s. Supported protocols are: %s"
                        .formatted(
                            helper,
                            protocol,
                            supported.stream().map(Protocol::wireName).collect(joining(", ")))));
    return new HelperSpec(type, Math.toIntExact(port));
  }
}
