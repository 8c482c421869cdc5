package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only a name that is exactly a router's own is ever looked at, whatever somebody makes there. */
class NamespaceNameTest {

  private static final String ID = "5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1";

  @Test
  void aRoutersNamespaceMayBeAdopted() {
    assertThat(NamespaceName.parse("qrouter-" + ID))
        .contains(new NamespaceName("qrouter-" + ID, Plan.ROUTER, true));
  }

  @Test
  void itsSourceNatOnlyAttaches() {
    assertThat(NamespaceName.parse("snat-" + ID))
        .contains(new NamespaceName("snat-" + ID, Plan.ROUTER, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ID,
        "qrouter",
        "qrouter-",
        "snat-",
        "qrouter-qrouter-" + ID,
        "fip-" + ID,
        "qdhcp-" + ID,
        "Qrouter-" + ID,
        "QROUTER-" + ID,
        "qrouter_" + ID,
        "qrouter-5C9E1C6E-6A7B-4F52-9A53-0D0FB5D8A1C1",
        "qrouter-5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1C1",
        "qrouter-5c9e1c6e6a7b4f529a530d0fb5d8a1c1",
        "qrouter-5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c",
        "qrouter-" + ID + "1",
        "qrouter-" + ID + " ",
        "qrouter-" + ID + "\n",
        "qrouter-" + ID + "\r\n",
        "qrouter-" + ID + "\u0000",
        "qrouter-" + ID + ".new",
        "qrouter-" + ID + "/",
        " qrouter-" + ID,
        "qrouter- " + ID,
        "\nqrouter-" + ID,
        "qrouter-../" + ID,
        "../qrouter-" + ID,
        "..",
        ".",
        "qrouter-..",
        "qrouter-1-2-3-4-5",
        "qrouter-5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1cg",
        "qrouter-5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c\u0661",
        "qrouter-5c9e1c6e\u20106a7b\u20104f52\u20109a53\u20100d0fb5d8a1c1",
        "qrouter-{5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1}",
        "qrouter-$(reboot)",
        "qrouter-%s%n"
      })
  void everythingElseIsNoneOfOurBusiness(String name) {
    assertThat(NamespaceName.parse(name)).isEmpty();
  }

  @Test
  void aNameAsLongAsAFileSystemAllowsIsNoneEither() {
    assertThat(NamespaceName.parse("qrouter-" + ID + "a".repeat(255 - 44))).isEmpty();
    assertThat(NamespaceName.parse("a".repeat(255))).isEmpty();
  }
}
