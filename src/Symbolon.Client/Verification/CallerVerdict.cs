using Symbolon.Client.Callers;

namespace Symbolon.Client.Verification;

/// <summary>Whether a request is made by whom its token says.</summary>
public abstract record CallerVerdict
{
    private CallerVerdict() { }

    /// <param name="Caller">Who calls, and what the token lets them do.</param>
    /// <param name="Token">The token, to be exchanged by a server that calls an API for this caller; to go nowhere else.</param>
    /// <param name="NextNonce">To be sent as <c>DPoP-Nonce</c>; null for none.</param>
    public sealed record Accepted(SymbolonCaller Caller, string Token, string? NextNonce) : CallerVerdict
    {
        public override string ToString() => $"{nameof(Accepted)} {Caller.TokenId}";
    }

    /// <summary>To be answered with <see cref="Status"/> and the headers that are not null.</summary>
    public sealed record Refused : CallerVerdict
    {
        /// <summary>400, 401, or 503.</summary>
        public required int Status { get; init; }

        /// <summary>RFC 6750 §3.1 and RFC 9449 §7.1; null where no token came.</summary>
        public string? Error { get; init; }

        /// <summary>For the developer of the client. Holds nothing of what was sent.</summary>
        public required string Description { get; init; }

        /// <summary><c>WWW-Authenticate</c>.</summary>
        public string? Challenge { get; init; }

        /// <summary><c>DPoP-Nonce</c>.</summary>
        public string? Nonce { get; init; }

        /// <summary><c>Retry-After</c>, in seconds.</summary>
        public int? RetryAfter { get; init; }
    }
}
