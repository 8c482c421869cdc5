package cthelper.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * A test with {@link ForeignPeer}s: no arrangement of an ordinary user can help, so it is skipped.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "cthelper.lab.RealRoot#is",
    disabledReason = "vsftpd and in.tftpd change their user, which only the machine's root may")
public @interface NeedsRealRoot {}
