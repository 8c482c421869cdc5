/**
 * The laboratory of the tests: real network namespaces with a client, a router and a server, and
 * peers that talk through them: small ones of FTP and TFTP, those of the distribution, and
 * hand-made messages of SIP, IRC and PPTP. It knows nothing of the product; it shows whether real
 * traffic passes.
 *
 * <p>Order of reading: {@link cthelper.lab.Lab} (what there is), {@link cthelper.lab.LabNamespace}
 * (what can be done in it), {@link cthelper.lab.FtpTransfer} and {@link cthelper.lab.TftpTransfer}
 * (what is asked of it).
 */
@NullMarked
package cthelper.lab;

import org.jspecify.annotations.NullMarked;
