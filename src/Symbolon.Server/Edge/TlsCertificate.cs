using System.Security.Cryptography.X509Certificates;

namespace Symbolon.Server.Edge;

/// <summary>The certificate that we show, and those between it and its root.</summary>
internal sealed record TlsCertificate(X509Certificate2 Leaf, X509Certificate2Collection Chain)
{
    /// <exception cref="System.Security.Cryptography.CryptographicException">The files do not fit together.</exception>
    public static TlsCertificate Read(string certificateFile, string keyFile)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        return new TlsCertificate(X509Certificate2.CreateFromPemFile(certificateFile, keyFile), chain);
    }
}
