namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>The way out to a server behind a channel. What the server says to nobody in particular leaves here.</summary>
internal sealed class ChannelInvoker(ChannelHandler handler) : HttpMessageInvoker(handler, disposeHandler: true)
{
    /// <inheritdoc cref="ChannelHandler.TellsSessions"/>
    public bool TellsSessions => handler.TellsSessions;

    /// <summary>Called when the server says that its list of tools changed, on the thread that reads its messages.</summary>
    public Action? ToolsChanged
    {
        get => handler.ToolsChanged;
        set => handler.ToolsChanged = value;
    }
}
