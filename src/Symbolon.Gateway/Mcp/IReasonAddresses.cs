using Microsoft.AspNetCore.Http;
using Symbolon.Core.Policy;

namespace Symbolon.Gateway.Mcp;

/// <summary>Where a reason code is explained to whoever was refused; wired by the host.</summary>
public interface IReasonAddresses
{
    /// <summary>
    /// The absolute address under the public origin that the request asked, never one built from what it says. The same text each time, so
    /// that a refusal allocates none.
    /// </summary>
    /// <returns>Null where no such origin is known.</returns>
    string? Of(HttpRequest request, ReasonCode code);
}

/// <summary>For a gateway without a console.</summary>
internal sealed class NoReasonAddresses : IReasonAddresses
{
    public string? Of(HttpRequest request, ReasonCode code) => null;
}
