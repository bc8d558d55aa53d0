using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Symbolon.EndToEndTests.Console;

/// <summary>
/// A picture of a page with at most 256 colours, a third as large as the browser writes it: the colours that would be missed most stay exactly
/// as they are, the others, which are the edges of letters, become the nearest of them. PNG, third edition, sections 9 and 11.
/// </summary>
internal static class PalettePng
{
    private const int MostColours = 256;
    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <param name="png">8 bits a channel, RGB or RGBA without transparency, not interlaced: as Chromium writes it.</param>
    public static byte[] Of(byte[] png)
    {
        var (width, height, pixels) = Read(png);
        var counts = new Dictionary<int, int>();
        foreach (var pixel in pixels) counts[pixel] = counts.GetValueOrDefault(pixel) + 1;
        var (palette, places) = Chosen(counts);

        // Each line begins with its filter, which is none.
        var lines = new byte[height * (width + 1)];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) lines[y * (width + 1) + 1 + x] = places[pixels[y * width + x]];
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9]) = (8, 3);
        using var written = new MemoryStream();
        written.Write(Signature);
        Write(written, "IHDR", head);
        Write(written, "PLTE", [.. palette.SelectMany(colour => new[] { (byte)(colour >> 16), (byte)(colour >> 8), (byte)colour })]);
        Write(written, "IDAT", Deflated(lines));
        Write(written, "IEND", []);
        return written.ToArray();
    }

    /// <summary>Takes, again and again, the colour that is furthest off so far, counted by how often it is seen.</summary>
    private static (List<int> Palette, Dictionary<int, byte> Places) Chosen(Dictionary<int, int> counts)
    {
        var colours = counts.Keys.Order().ToArray();
        var (off, place) = (new long[colours.Length], new byte[colours.Length]);
        Array.Fill(off, long.MaxValue >> 32);
        var palette = new List<int>();
        while (palette.Count < MostColours)
        {
            var next = Enumerable.Range(0, colours.Length).MaxBy(i => off[i] * counts[colours[i]]);
            if (off[next] == 0) break;
            for (var i = 0; i < colours.Length; i++)
                if (Distance(colours[i], colours[next]) is var distance && distance < off[i]) (off[i], place[i]) = (distance, (byte)palette.Count);
            palette.Add(colours[next]);
        }
        return (palette, colours.Select((colour, i) => (colour, place[i])).ToDictionary());
    }

    private static long Distance(int one, int other)
    {
        var (red, green, blue) = ((one >> 16) - (other >> 16), (one >> 8 & 255) - (other >> 8 & 255), (one & 255) - (other & 255));
        return red * red + green * green + blue * blue;
    }

    /// <returns>Each pixel as 0xRRGGBB.</returns>
    private static (int Width, int Height, int[] Pixels) Read(byte[] png)
    {
        using var data = new MemoryStream();
        var (width, height, size) = (0, 0, 0);
        for (var at = Signature.Length; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var chunk = png.AsSpan(at + 8, length);
            switch (Encoding.ASCII.GetString(png, at + 4, 4))
            {
                case "IHDR":
                    (width, height, size) = (BinaryPrimitives.ReadInt32BigEndian(chunk), BinaryPrimitives.ReadInt32BigEndian(chunk[4..]), chunk[9] == 6 ? 4 : 3);
                    if (chunk[8] != 8 || chunk[9] is not (2 or 6) || chunk[12] != 0) throw new InvalidDataException("The browser writes pictures in another form.");
                    break;
                case "IDAT": data.Write(chunk); break;
            }
            at += length + 12;
        }
        data.Position = 0;
        using var inflated = new ZLibStream(data, CompressionMode.Decompress);
        var (line, above, pixels) = (new byte[width * size], new byte[width * size], new int[width * height]);
        for (var y = 0; y < height; y++)
        {
            var filter = inflated.ReadByte();
            inflated.ReadExactly(line);
            Unfilter(filter, line, above, size);
            for (var x = 0; x < width; x++) pixels[y * width + x] = line[x * size] << 16 | line[x * size + 1] << 8 | line[x * size + 2];
            (line, above) = (above, line);
        }
        return (width, height, pixels);
    }

    private static void Unfilter(int filter, byte[] line, byte[] above, int size)
    {
        for (var i = 0; i < line.Length; i++)
        {
            int left = i < size ? 0 : line[i - size], up = above[i], corner = i < size ? 0 : above[i - size];
            line[i] += (byte)(filter switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ => throw new InvalidDataException($"There is no filter {filter}.") });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var (toLeft, toUp, toCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - 2 * corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private static byte[] Deflated(byte[] bytes)
    {
        using var deflated = new MemoryStream();
        using (var zlib = new ZLibStream(deflated, CompressionLevel.SmallestSize, leaveOpen: true)) zlib.Write(bytes);
        return deflated.ToArray();
    }

    private static void Write(MemoryStream to, string type, byte[] chunk)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. chunk];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, chunk.Length);
        to.Write(number);
        to.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
        to.Write(number);
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var each in bytes)
        {
            crc ^= each;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }
        return ~crc;
    }
}
