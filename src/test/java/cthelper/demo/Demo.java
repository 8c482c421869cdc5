package cthelper.demo;

import cthelper.lab.Lab;
import cthelper.lab.OpenPorts;
import cthelper.netfilter.RouterFirewall;
import cthelper.netfilter.RouterKernel;
import cthelper.service.DataFolder;
import cthelper.service.ServiceProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A client fetches a file through a router, by FTP and by TFTP: without helper it fails, with one
 * it works, and fails again once the helper is deleted. Run by {@code ./run demo}.
 */
public final class Demo {

  private final Story story;
  private final Instant begin = Instant.now();
  private final String router = UUID.randomUUID().toString();

  private Demo(Story story) {
    this.story = story;
  }

  public static void main(String... arguments) {
    Story story = new Story(System.out);
    System.exit(story.tell(new Demo(story)::play));
  }

  private void play() {
    story.say(
        """
        A client, a router and a server: three network namespaces in a corner of their own.

          client 10.98.1.2 ───── router ───── server 10.98.2.2, FTP on tcp %d, TFTP on udp %d

        The router's firewall lets connections to these two ports pass, and what belongs to them.
        It drops everything else. That a second connection belongs, only a helper can tell it.\
        """
            .formatted(Play.FTP.port(), Play.TFTP.port()));
    OpenPorts ports = new OpenPorts(Set.of(Play.FTP.port()), Set.of(Play.TFTP.port()));
    try (DataFolder data = new DataFolder();
        Lab lab = Lab.open("qrouter-" + router, ports, RouterFirewall::install);
        RouterKernel kernel = RouterKernel.of(lab.router())) {
      lab.startFtp(Play.FTP.port(), Play.FILE);
      lab.startTftp(Play.TFTP.port(), Play.FILE);
      story.step("Start the service, with an empty database.");
      Instant started = Instant.now();
      try (ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
        Play play = new Play(story, service.base(), router, lab, kernel);
        play.awaitRouter();
        story.line(
            "Ready after %.1f s. It found the router's namespace by itself."
                .formatted(seconds(started)));
        play.all();
      }
    }
    story.say("%nAll went as told, in %.1f s. Nothing is left behind.".formatted(seconds(begin)));
  }

  private static double seconds(Instant since) {
    return Duration.between(since, Instant.now()).toMillis() / 1e3;
  }
}
