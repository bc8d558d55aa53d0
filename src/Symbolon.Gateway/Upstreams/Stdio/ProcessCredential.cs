using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>What a process is shown.</summary>
/// <param name="Prepare">Waited for before a process is started.</param>
/// <param name="Shown">Now; asked as often as one likes.</param>
internal sealed record ProcessCredential(Func<CancellationToken, Task> Prepare, Func<CredentialHeader> Shown);
