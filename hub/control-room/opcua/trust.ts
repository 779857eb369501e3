// Which clients the hub's OPC UA server trusts: the folder as it is at each connection, so that `portcullis keys trust` needs no restart.
import { OPCUACertificateManager } from "node-opcua";

type Verify = OPCUACertificateManager["verifyCertificate"];

class TrustFolder extends OPCUACertificateManager {
  /** Without a fresh look the library would move a certificate that a person has just trusted back to the rejected ones. */
  override async verifyCertificate(...given: Parameters<Verify>): ReturnType<Verify> {
    await this.reloadCertificates();
    return super.verifyCertificate(...given);
  }
}

export function openTrust(rootFolder: string): OPCUACertificateManager {
  // The library's own watching changes node:fs for the whole thread.
  return new TrustFolder({ rootFolder, automaticallyAcceptUnknownCertificate: false, disableFileWatchers: true });
}
