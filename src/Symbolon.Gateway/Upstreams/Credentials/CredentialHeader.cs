namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>What to show to an upstream.</summary>
internal abstract record CredentialHeader
{
    public static readonly CredentialHeader None = new Nothing();
    public static readonly CredentialHeader Expired = new Unusable("The credential that the gateway shows to this server has expired; its owner has to renew it.");
    public static readonly CredentialHeader NoKey = new Unusable("There is no key at this moment to sign what the gateway shows to this server.");
    public static readonly CredentialHeader Missing = new Unusable("The credential that the gateway shows to this server is not there; its owner has to set it.");

    public static readonly CredentialHeader NoToken = new Unusable("The gateway has no token at this moment that this server could be given: none of its tools that serve needs its API, or none can be signed or recorded.");

    public static readonly CredentialHeader NoForeign = new Unusable("There is no token at this moment that this server could be shown: the authorization server that it lives under gave none. Its owner sees why.");

    private CredentialHeader() { }

    /// <summary>What no answer may hold; empty where there is nothing to look for.</summary>
    public byte[] Secret { get; init; } = [];

    /// <summary>Whether a server says its own credential. One that it writes otherwise, such as with escapes, is not found.</summary>
    public virtual bool IsIn(ReadOnlySpan<byte> message) => Secret.Length > 0 && message.IndexOf(Secret) >= 0;

    /// <summary>Puts it on a request, if it is anything that a request carries.</summary>
    public virtual void AddTo(HttpRequestMessage request)
    {
    }

    public sealed record Nothing : CredentialHeader;

    public sealed record Header(string Name, string Value) : CredentialHeader
    {
        public override void AddTo(HttpRequestMessage request) => request.Headers.TryAddWithoutValidation(Name, Value);

        public override string ToString() => Name;
    }

    /// <summary>A token for this server alone, with a proof of this node's key for each request (RFC 9449 §7.1).</summary>
    /// <param name="Token">The one to show now; null when none can be made. One that is used for long is made anew on the way.</param>
    public sealed record Issued(Func<IssuedToken?> Token, NodeKey Key) : CredentialHeader
    {
        public override void AddTo(HttpRequestMessage request)
        {
            // Without a token the server refuses, which is what has to happen.
            if (Token() is not { } token) return;
            request.Headers.TryAddWithoutValidation("Authorization", "DPoP " + token.Text);
            request.Headers.TryAddWithoutValidation("DPoP", Key.Prove(request.Method, request.RequestUri!, token.Hash));
        }

        public override string ToString() => "(token)";
    }

    /// <summary>What is renewed on the way, for one that uses it for long.</summary>
    /// <param name="Current">What is to be shown now.</param>
    public sealed record Renewed(Func<CredentialHeader> Current) : CredentialHeader
    {
        public override bool IsIn(ReadOnlySpan<byte> message) => Current().IsIn(message);

        /// <exception cref="HttpRequestException">There is none at this moment, so nothing goes out.</exception>
        public override void AddTo(HttpRequestMessage request)
        {
            var current = Current();
            if (current is Unusable) throw new HttpRequestException("There is no token at this moment that the server could be shown.");
            current.AddTo(request);
        }

        public override string ToString() => "(token)";
    }

    /// <summary>Beside what is shown, who asks.</summary>
    public sealed record Identified(CredentialHeader Shown, ShownIdentity Identity) : CredentialHeader
    {
        public override bool IsIn(ReadOnlySpan<byte> message) => Shown.IsIn(message) || Identity.IsIn(message);

        public override void AddTo(HttpRequestMessage request)
        {
            Shown.AddTo(request);
            Identity.AddTo(request);
        }

        /// <summary>The same, for one request of somebody else.</summary>
        public Identified Saying(string token) => this with { Identity = new ShownIdentity(Identity.Name, () => token) };

        public override string ToString() => $"{Shown}, {Identity}";
    }

    /// <summary>Set when a process is started; goes into no request.</summary>
    public sealed record Variable(string Name, string Value) : CredentialHeader
    {
        public override string ToString() => Name;
    }

    /// <summary>Lies in a file that a variable of a process names; goes into no request.</summary>
    public sealed record Reference(string Name, string Value) : CredentialHeader
    {
        public override string ToString() => Name;
    }

    /// <summary>Lies in a file that is replaced while a call is open; goes into no request.</summary>
    /// <param name="Find">Whether a text holds it, or what it was just before.</param>
    public sealed record Lent(FindIn Find) : CredentialHeader
    {
        public override bool IsIn(ReadOnlySpan<byte> message) => Find(message);

        public override string ToString() => "(token)";
    }

    public delegate bool FindIn(ReadOnlySpan<byte> message);

    /// <param name="Why">For the caller; names no secret.</param>
    public sealed record Unusable(string Why) : CredentialHeader;
}
