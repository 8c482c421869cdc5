package cthelper.api;

import static java.util.stream.Collectors.joining;

import cthelper.model.AllowedHelpers;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.Protocol;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The allow-list in the wire's words: from three attribute values to a spec, or to a 400. */
@ApplicationScoped
class AllowedSpecs {

  private final AllowedHelpers allowed;

  AllowedSpecs(AllowedHelpers allowed) {
    this.allowed = allowed;
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
          "Conntrack Helper " + Echo.of(helper) + " is not allowed.");
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
