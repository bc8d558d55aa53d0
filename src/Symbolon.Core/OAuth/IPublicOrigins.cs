namespace Symbolon.Core.OAuth;

/// <summary>The origins under which callers know this server. Host only selects one of them; nothing is ever built from it. DESIGN.md section 4, Addresses.</summary>
public interface IPublicOrigins
{
    /// <summary>The first that was set: the issuer of what is made for a server, which knows us by one name. Null until there is one.</summary>
    string? Primary { get; }

    /// <returns>The origin that a Host header selects, without a slash at its end; null for one that is not known.</returns>
    string? Selected(string? host);

    /// <summary>Whether this text is exactly one of them: twins of loopback addresses included, no other spelling.</summary>
    bool Includes(string origin);
}
