using Symbolon.Core.Identity;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// The way out to an upstream. Whoever implements it guards it: the address is resolved, checked and pinned, no redirect is followed,
/// no cookie kept, no proxy used, response headers and the time to connect are bounded. DESIGN.md section 5, promise 5.
/// </summary>
public interface IUpstreamHandlers
{
    /// <summary>The invoker for one server; connections are kept behind it. Called once for each approved address, may be called again.</summary>
    HttpMessageInvoker For(OrganisationId organisation, ServerName server, Uri url);
}
