namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>
/// An ordered stream of JSON-RPC messages both ways, shared by many exchanges: the pipes of a process, or an old SSE connection.
/// </summary>
internal interface IMessageChannel : IDisposable
{
    /// <summary>Begins to read. Called once; everything that is read goes to the listener, one message at a time and in order.</summary>
    void Listen(IChannelListener listener);

    /// <summary>Puts one message in line to be sent; never waits.</summary>
    /// <param name="message">Without line breaks. Kept until it was sent.</param>
    /// <returns>False when the other side takes too little, or is gone; then nothing of it is sent.</returns>
    bool TrySend(ReadOnlyMemory<byte> message);

    /// <param name="identity">Who sends it, where the server is told so and each message is a request of its own.</param>
    bool TrySend(ReadOnlyMemory<byte> message, string? identity) => TrySend(message);
}

/// <summary>Who is told what a channel reads. Never blocks: whoever waits on one caller would hold up all others.</summary>
internal interface IChannelListener
{
    /// <param name="message">Valid until the call returns.</param>
    void Received(ReadOnlySpan<byte> message);

    /// <summary>A message over the limit was passed over, or one that does not end, and then nothing more comes.</summary>
    /// <param name="message">What is known of it. Valid until the call returns.</param>
    void PassedOver(LongMessage message);

    /// <summary>A message that <see cref="IMessageChannel.TrySend(ReadOnlyMemory{byte})"/> took did not get there. On any thread, also beside the others.</summary>
    /// <param name="message">As it was to be sent.</param>
    void NotTaken(ReadOnlySpan<byte> message);

    /// <summary>Nothing more will come. Called once, also after <see cref="IDisposable.Dispose"/>.</summary>
    void Closed();
}

/// <summary>Opens channels of one server.</summary>
internal interface IChannelFactory
{
    /// <returns>A channel that nobody listens to yet.</returns>
    /// <exception cref="UpstreamFault">It may not or cannot be opened; says why.</exception>
    ValueTask<IMessageChannel> OpenAsync(CancellationToken cancellation);
}
